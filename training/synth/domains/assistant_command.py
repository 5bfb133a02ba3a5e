"""Commands to a voice assistant: what to do, in which room, when."""

from ..domain import Domain, f
from ..values import CITY, FIRST_NAME, choice, flag, integer, options, time

_COMMAND = choice(
    set_alarm="wake me up|set an alarm|I need an alarm|get me out of bed|ring so that I don't oversleep|create an alarm for me",
    play_music="play some music|put on a song|I want to hear some tunes|start my playlist|some jazz would be nice|turn on the radio",
    turn_on_light="lights on|switch on the lamp|make it brighter|it's too dark here|turn the light on|I can't see a thing, more light",
    turn_off_light="lights off|switch off the lamp|make it dark|turn out the light|kill the lights|no more light please",
    get_weather="will it rain|what's the weather like|do I need an umbrella|how warm is it going to be|tell me the forecast|is it sunny out there",
    send_message="send a message|text someone for me|write that I'm running late|let them know I'm on my way|dictate a short message|send a text",
    call_contact="make a phone call|ring someone up|start a call|dial for me|get someone on the phone|I want to phone somebody",
    add_to_list="put milk on the shopping list|add eggs to my list|note down that we need bread|shopping list, add soap|write butter on the list|remember to buy batteries, put it on the list",
    set_temperature="make it warmer|turn the heating up|it's freezing, do something|lower the thermostat|cool the room down|adjust the heating",
    lock_door="lock the door|make sure the entrance is locked|close and bolt the front door|secure the house|is it locked? if not, lock up|lock up please",
    tell_joke="tell me a joke|make me laugh|say something funny|I could use a laugh|do you know any jokes|entertain me with a pun",
    stop="stop|be quiet|cancel that|never mind|shut up please|forget it",
)

DOMAIN = Domain(
    name="assistant_command",
    tasks=("Understand the command.", "Which action is meant?", "Parse the voice command.", "Classify what was said."),
    fields={
        "action": f("action intent command skill function", _COMMAND, "what the assistant has to do|the command"),
        "room": f("room location where area", options("kitchen", "living room", "bedroom", "bathroom", "hallway", "garage", "attic", "basement", "office", "nursery", "dining room", "balcony", "terrace", "garden shed", "laundry room", "guest room", "study", "library", "conservatory", "corridor", "porch", "workshop", "playroom", "pantry", "cellar", "sauna", "gym", "studio", "lobby", "staircase", "loft"), "room that is meant"),
        "at": f("time at when scheduled_time", time(), "time of day that was named"),
        "minutes": f("delay_minutes minutes in_minutes wait", integer(2, 59), "minutes to wait before doing it"),
        "person": f("person contact name recipient", FIRST_NAME, "the person that is named"),
        "city": f("city place town", CITY),
        "volume": f("volume level loudness", integer(2, 10), "loudness from 1 to 10"),
        "polite": f("polite is_polite courteous", flag("if you would be so kind|I would be grateful|pretty please|thank you very much in advance", "and hurry up|you stupid box|or I throw you out|now, you useless thing"), "whether the user is polite"),
        "device": f("device assistant device_name speaker_name", options("Alba", "Nova", "Echo", "Juno", "Robin", "Pixel", "Kiki", "Otto", "Sage", "Vega", "Hugo", "Lumen", "Iris", "Max", "Dot", "Ziggy", "Luna", "Argo", "Milo", "Tess", "Orion", "Pepper", "Cleo", "Bolt", "Mira", "Neo", "Ruby", "Atlas", "Juni", "Ada"), "name of the assistant"),
        "repeat": f("repeat recurrence how_often", choice(once="just this once|only once|one time only", daily="every day|daily|each and every day", weekly="every week|once a week|weekly", weekdays="on working days|Monday to Friday|on weekdays only")),
    },
    templates=(
        "{action}",
        "hey {device}, {action}[[, {polite}]]",
        "{action}, at {at}",
        "{device}! {action}... in the {room}",
        "in {minutes} minutes, in the {room}: {action}",
        "{action} ({repeat}, {at})",
        "<<ok|okay|alright>> {device}, {action}, {polite}",
        "user: {action}\nassistant: where?\nuser: in the {room}\nassistant: when?\nuser: at {at}",
        "{action}. <<it's for|this is about|I mean>> {person}. volume {volume}",
        "device={device}; room={room}; utterance={action}; volume={volume}",
        "| {at} | {device} | {room} | {action} |",
        "<<um|er|so>>, {action}, {repeat}[[, say at {at}]]",
        "Log: {device} in the {room} heard {person} say \"{action}\" at volume {volume}.",
        "{action}, we're in {city} now. wait {minutes} minutes first",
        "Good evening {device}. {action}. {repeat}. Room: {room}.",
        "{device}, {action}[[, {polite}]]. {room}, {at}",
        "{device}, {action} in the {room}, {repeat}[[, at {at}]]",
    ),
)
