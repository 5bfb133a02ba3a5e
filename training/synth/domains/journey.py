"""Journeys of several trains: itineraries with their sections, changes, fare."""

from ..domain import Domain, f, rows
from ..values import EMAIL, PERSON, choice, code, date, flag, integer, money, text, time

_SUFFIX = [
    "Central",
    "Hbf",
    "North",
    "South",
    "East",
    "West",
    "Airport",
    "Main Station",
    "Gare",
    "Junction",
    "Parkway",
    "Harbour",
]
_STATION = text(
    lambda v: (
        v.name(
            [
                "Berlin",
                "Paris",
                "London",
                "Vienna",
                "Prague",
                "Lyon",
                "Milan",
                "Basel",
                "Zurich",
                "Ghent",
                "Utrecht",
                "Leeds",
                "Graz",
                "Porto",
                "Oslo",
                "Turin",
                "Bristol",
                "Lille",
                "Bern",
                "Bath",
                "York",
                "Nice",
                "Mons",
                "Ulm",
                "Brno",
                "Lund",
                "Pisa",
                "Cork",
                "Metz",
                "Kiel",
                "Linz",
                "Bari",
            ],
            0.4,
        )
        + (f" {v.pick(_SUFFIX)}" if v.chance(0.4) else "")
    )
)
_TRAIN = code(
    "ICE ###", "IC ####", "RE #", "TGV ####", "EC ##", "RJ ###", "S##", "@@ ###", "NJ ###", "EN ###"
)

_TRIP = text(
    lambda v: (
        f"{v.word(1, 3).capitalize()} {v.pick(['tour', 'weekend', 'visit', 'holiday', 'congress', 'reunion', 'commute', 'trip'])}"
    )
)

DOMAIN = Domain(
    name="journey",
    tasks=(
        "Extract the journey.",
        "List the sections of the trip.",
        "Itinerary as data.",
        "Which trains are taken?",
    ),
    fields={
        "legs": rows(
            "legs sections trains connections",
            [
                "{train} {from_station} {dep} - {to_station} {arr}",
                "{dep} {from_station}, {train}, {arr} {to_station}",
                "{train}: {from_station} ({dep}) to {to_station} ({arr})",
                "{train} from {from_station} at {dep}, arriving {to_station} {arr}",
                "{from_station} | {dep} | {to_station} | {arr} | {train}",
                "dep {dep} {from_station}, arr {arr} {to_station}",
                "{train} from {from_station} to {to_station}",
            ],
            count=(2, 4),
            joins="newline bullet number newline semicolon",
            train=f("train train_number service", _TRAIN),
            from_station=f("from origin departure_station start", _STATION, "where the section begins"),
            to_station=f("to destination arrival_station end", _STATION, "where the section ends"),
            dep=f("departure departs departure_time", time()),
            arr=f("arrival arrives arrival_time", time()),
        ),
        "day": f("date day travel_date journey_date", date(), "day of the journey"),
        "changes": f("changes number_of_changes transfers", integer(2, 5), "how often one has to change"),
        "duration": f(
            "duration_minutes travel_time duration journey_minutes",
            integer(13, 600, words=0),
            "minutes from start to end",
        ),
        "klass": f(
            "class travel_class comfort_class",
            choice(
                first="first class|1st class",
                second="second class|2nd class|standard class",
                sleeper="sleeping car|sleeper|couchette",
            ),
            "class of travel",
        ),
        "price": f("price fare ticket_price amount", money(5, 300), "price of the ticket"),
        "passenger": f("passenger traveller name passenger_name", PERSON, "who travels"),
        "ticket": f(
            "ticket_number ticket_id ticket order_number booking_code",
            code("@@@###", "########", "T-#####", "@#@#@#@"),
            "number of the ticket",
        ),
        "bike": f(
            "bicycle bike with_bike bike_ticket",
            flag("with a bicycle|bike space booked|bike on board", "no bicycle|without bike|no bike space"),
            "whether a bicycle travels along",
        ),
        "title": f(
            "trip_name title journey_name name_of_trip", _TRIP, "name of the trip, in quotation marks"
        ),
        "contact": f("contact email mail contact_email", EMAIL, "where to write"),
        "tight": f(
            "tight_connection tight risky_change",
            flag(
                "a tight connection|very little time to change|a risky change",
                "plenty of time to change|relaxed changes|no rush between trains",
            ),
            "whether there is little time to change",
        ),
    },
    templates=(
        "Your connection on {day}:\n{legs}\n[[\nChanges: {changes}]][[\nDuration: {duration} min]]\nFare: {price}",
        "Hi {passenger},\n\nfor {day} I found this:\n{legs}\nThat is {changes} changes and {price}, {klass}. <<Shall I book?|OK for you?|Tell me by noon.>>\n\nThe hotel takes only cash, by the way.",
        "the trip takes {duration} minutes and {changes} changes, my plan:\n{legs}\ngot {klass}, {bike}",
        "ITINERARY {ticket}\nTraveller: {passenger}\nDate: {day}\n{legs}\n[[Class: {klass}\n]]<<Total|Sum|To pay>>: {price}",
        "{legs}",
        'Dear {passenger},\n\n<<thank you for your booking|your journey "{title}" is booked>>. These are your trains on {day}:\n\n{legs}\n\nThere is {tight}. <<Your order number is|Order>> {ticket}. Dogs larger than a cat need their own ticket.\n\n<<Have a good trip|Best wishes>>\nCustomer care\n{contact}',
        "<<hey|hi>>, i'd take these:\n{legs}\nthere's {tight}, {changes} changes[[, {bike}]]. <<ok?|what do you think?|deal?>>",
        'trip: "{title}"\ndate: {day}\nchanges: {changes}\nminutes: {duration}\nclass: {klass}\nbike: {bike}\nlegs:\n{legs}',
        'Expense report, "{title}". {passenger} travelled on {day}:\n{legs}\nThe {klass} ticket {ticket} <<came to|cost>> {price}. No other costs; lunch was provided by the host.',
        "Subject: Timetable change\n\nThe trains of your trip on {day} have changed. New plan:\n{legs}\nThe journey now takes {duration} minutes, with {tight}. <<Ask us at|Questions:>> {contact}",
        "{day}\n{legs}\n{price}, {klass}",
        "- {passenger}\n- {title} on {day}\n- {ticket}\n- {changes} changes, {duration} min, {tight}\nTrains:\n{legs}",
        "Journey of {passenger} on {day}\n\n{legs}\n\n{changes} changes, {duration} minutes\n{klass}, {bike}\nPrice: {price}[[\nOrder: {ticket}]]",
    ),
)
