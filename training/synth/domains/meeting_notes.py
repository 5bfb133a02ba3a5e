"""Meeting notes: who met when about what, what was decided, who does what until when."""

from ..domain import Domain, f, rows, values
from ..software import made
from ..values import CITY, FIRST_NAME, PERSON, choice, date, flag, integer, options, time

TOPIC = made(
    "{w} planning", "{w} review", "weekly {w} sync", "{a} {w} kick-off", "quarterly {w} update", "budget for {w}", "{X} retrospective",
    "hiring for the {w} team", "{X} launch", "move to the {w} office", "{w} {w} stand-up", "steering committee {X}", "{w} design review",
    "board meeting on {w}", "parents' evening about the {w}", "{X} sprint demo", "safety briefing {w}",
)  # fmt: skip
ACTION = made(
    "send the {w} report", "book the {w} room", "call {X}", "update the {w} page", "order {n} {w} samples", "draft the {w} contract", "ask {X} for a quote",
    "prepare {n} slides about {w}", "fix the {w} printer", "test the {a} {w}", "invite the {w} team", "check the {w} budget", "write to {X} Ltd",
    "rewrite the {w} section", "collect feedback on {w}", "renew the {w} license", "publish the {w} minutes", "compare {n} {w} suppliers",
    "clean up the {w} backlog", "archive old {w} files", "interview {n} candidates", "measure the {w} floor", "translate the {w} manual",
)  # fmt: skip
DECISION = made(
    "the {w} is postponed", "we go with {X}", "the {w} budget grows by {n} percent", "no {a} {w} this year", "{X} becomes the new {w} supplier",
    "{w} meetings move to room {n}", "the {a} {w} will be dropped", "{n} new {w} posts are created", "we keep the {w} as it is", "the {w} starts in spring",
    "everyone gets a {a} {w}", "prices of {w} stay the same", "we stop using {X}", "the {w} colour is {a}",
)  # fmt: skip

DOMAIN = Domain(
    name="meeting_notes",
    tasks=(
        "Extract the meeting notes.",
        "Read the minutes.",
        "Who has to do what?",
        "List the action items.",
        "Turn these minutes into data.",
    ),
    fields={
        "topic": f("title topic meeting subject name", TOPIC, "what the meeting was about"),
        "held": f("date meeting_date held_on day", date(), "the day of the meeting"),
        "start": f("start_time start time began_at", time(), "when it began"),
        "end": f("end_time end finished_at", time(), "when it ended"),
        "location": f(
            "location room place where",
            options(
                *[
                    "Room 1",
                    "Room 4",
                    "Room 12",
                    "Room 101",
                    "Room 204",
                    "Room B3",
                    "the kitchen",
                    "the library",
                    "the big hall",
                    "the board room",
                    "the canteen",
                    "the lobby",
                    "Zoom",
                    "Microsoft Teams",
                    "Google Meet",
                    "Webex",
                    "Skype",
                    "Jitsi",
                    "Slack huddle",
                    "Building C",
                    "Building 7",
                    "the annex",
                    "the town hall",
                    "the auditorium",
                    "the garden",
                    "the workshop",
                    "the conference room",
                    "the gym",
                    "the basement",
                    "the roof terrace",
                    "the small office",
                    "Café Central",
                ]
            ),
            "room or tool",
        ),
        "city": f("city town", CITY),
        "chair": f("chair chaired_by facilitator led_by moderator", PERSON, "who led the meeting"),
        "minutes_by": f(
            "minutes_by note_taker minute_taker secretary recorded_by", PERSON, "who took the notes"
        ),
        "attendees": values(
            "attendees participants present people", FIRST_NAME, (2, 6), "comma and semicolon"
        ),
        "absent": values("absent apologies excused missing", PERSON, (1, 3), "comma and semicolon"),
        "agenda": values("agenda agenda_items topics", TOPIC, (1, 4), "newline bullet number semicolon"),
        "decisions": values(
            "decisions decided resolutions agreed", DECISION, (1, 4), "newline bullet number semicolon"
        ),
        "actions": rows(
            "action_items actions todos tasks next_steps",
            [
                "{owner}: {task} by {due}",
                "{owner} to {task} (due {due})",
                "{task} - {owner} - {due}",
                "{task} ({owner}, until {due})",
                "{owner} will {task} by {due}",
                "@{owner} {task}, deadline {due}",
                "{due}: {owner} has to {task}",
                "{task} | {owner} | {due}",
                "{owner}: {task}",
                "{owner} will {task}",
                "[ ] {task} - {owner}",
                "{task} until {due}",
            ],
            (1, 5),
            "newline bullet number semicolon",
            owner=f("owner assignee responsible who person", FIRST_NAME, "who does it"),
            task=f("task action description what", ACTION, "what has to be done"),
            due=f("due_date due deadline by_when", date(), "until when"),
        ),
        "next": f("next_meeting next_date follow_up next_meeting_date", date(), "day of the next meeting"),
        "count": f("attendee_count number_of_participants headcount", integer(2, 60), "how many took part"),
        "kind": f(
            "format mode meeting_type",
            choice(
                remote="online|by video call|virtually|remotely",
                in_person="in person|on site|face to face|at one table",
                hybrid="in hybrid form|partly online and partly on site|both on site and on screen",
            ),
            "how people met",
        ),
        "recorded": f(
            "recorded is_recorded recording_available",
            flag(
                "was recorded|has been taped|can be watched again as a video",
                "was not recorded|was held off the record|was not taped",
            ),
            "whether there is a recording",
        ),
    },
    templates=(
        "# {topic}\nDate: {held}\n[[Time: {start} to {end}\n]][[Where: {location}\n]]<<Present|Attendees|In attendance>>: {attendees}\n[[Apologies: {absent}\n]]\n## Decisions\n{decisions}\n\n## Action items\n{actions}[[\n\nNext meeting: {next}]]",
        '<<Minutes of|Notes from|Protocol of>> the meeting "{topic}" on {held}. {chair} <<opened the meeting|took the chair>>[[ at {start}]].[[ {minutes_by} took the minutes.]] <<It was decided|We agreed>>:\n{decisions}\n<<To do|Tasks|Next steps>>:\n{actions}',
        "<<Hi all|Hello everyone|Dear team>>,\n\n<<thanks for joining|thank you for coming to>> {topic}[[ on {held}]]. <<Here are the action items|Our to-dos|What we have to do>>:\n\n{actions}\n\n[[We meet again on {next}.\n]][[The meeting {recorded}.\n]]\n<<Best|Cheers|Kind regards>>,\n{chair}",
        "{topic} / {held} / {location}\nwho: {attendees}\nwhat next: {actions}",
        "AGENDA\n{agenda}\n\nPlace: {location}\nDay: {held}\nStart: {start}\nChair: {chair}\n[[Notes: {minutes_by}\n]]Coffee will be served.",
        "{count} people met {kind} <<to talk about|for>> {topic}. <<The meeting|The session>> began at {start} and ended at {end}; it {recorded}.[[ {absent} could not come.]] <<Outcome|Result>>: {decisions}.[[ The next one is planned for {next}.]]",
        "action items from today's {topic}\n{actions}\n\n(next: {next}, {location})",
        "The {topic} took place in {city} on {held}. Chaired by {chair}, it was attended by {attendees}. {absent} sent apologies. Two visitors left early.[[ The next meeting is on {next}.]]\n\nResolved:\n{decisions}",
        "Meeting | {topic}\nDate | {held}\nFormat | {kind}\nModerator | {chair}\nSecretary | {minutes_by}\nHeadcount | {count}\nFollow-up | {next}",
        "Lena: could someone send me the tasks? i had to leave\n{minutes_by}: sure, {topic} from {held}:\n{actions}\nLena: thx! <<anything decided|any decisions>>?\n{minutes_by}: {decisions}",
        "<<Invitation|You are invited>>: {topic}, {held}, {start} to {end}, {location}[[ ({city})]]. We will meet {kind}. Topics:\n{agenda}\n\n<<Please confirm to|RSVP to>> {chair}.",
        "- meeting: {topic}\n- when: {held}, {start}\n- taking part: {attendees}\n- excused: {absent}\n- minutes: {minutes_by}\n- recording: it {recorded}\n- decisions: {decisions}",
        "{chair} summed up the {topic}: {decisions}. <<After that, tasks were handed out|Then the work was shared out>>:\n{actions}\nOf the 9 points on the list, 4 were left for {next}.",
        "Topic: {topic}\nDate: {held}\nParticipants: {attendees}\n[[Led by: {chair}\n]][[Notes by: {minutes_by}\n]]\n<<Action items|Actions|Tasks>>:\n{actions}\n\n[[Decisions:\n{decisions}\n\n]]Next meeting: {next}",
        "On {held} we <<met|came together>> for {topic}[[ in {location}]].[[ Present were {attendees}.]] The <<following was decided|decisions>>:\n{decisions}\n<<Who does what|Assignments>>:\n{actions}[[\nMinutes: {minutes_by}]]",
    ),
)
