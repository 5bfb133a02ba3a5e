"""Train connections: tickets, timetables, delays, seat reservations."""

from ..domain import Domain, f, g
from ..values import PERSON, choice, code, date, flag, integer, money, options, text, time

_SUFFIX = ["Central", "Hbf", "North", "South", "East", "West", "Airport", "Main Station", "Gare", "Junction", "Parkway", "Harbour"]
_STATION = text(lambda v: v.name(["Berlin", "Paris", "London", "Vienna", "Prague", "Lyon", "Milan", "Basel", "Zurich", "Ghent", "Utrecht", "Leeds", "Graz", "Porto", "Oslo", "Turin", "Bristol", "Lille", "Bern", "Bath", "York", "Nice", "Mons", "Ulm", "Brno", "Lund", "Pisa", "Cork", "Metz", "Kiel", "Linz", "Bari"], 0.4) + (f" {v.pick(_SUFFIX)}" if v.chance(0.4) else ""))
_OPERATOR = options("Deutsche Bahn", "SNCF", "ÖBB", "SBB", "Trenitalia", "Renfe", "NS", "SNCB", "Eurostar", "Avanti", "LNER", "ScotRail", "PKP", "České dráhy", "RegioJet", "FlixTrain", "Italo", "Amtrak", "Via Rail", "JR East", "Korail", "SJ", "Vy", "DSB", "VR", "GWR", "Northern", "CFL", "MÁV", "Thalys", "Ouigo", "Westbahn")
_TRAIN = code("ICE ###", "IC ####", "RE #", "TGV ####", "EC ##", "RJ ###", "S##", "@@ ###", "NJ ###", "EN ###")

DOMAIN = Domain(
    name="train_connection",
    tasks=("Extract the train connection.", "Which train is it?", "Read the ticket.", "Connection details as JSON.", "Train journey, please."),
    fields={
        "train": f("train train_number train_no service line", _TRAIN, "designation of the train"),
        "operator": f("operator railway company carrier", _OPERATOR, "who runs the train"),
        "origin": g("origin departure start leaving", station=f("station stop name", _STATION, "station of departure"), platform=f("platform track", code("#", "##", "#@"), "platform of departure")),
        "destination": g("destination arrival goal end", station=f("station stop name", _STATION, "station of arrival"), platform=f("platform track", code("#", "##", "#@"), "platform of arrival")),
        "day": f("date day travel_date journey_date", date(), "day of the journey"),
        "departs": f("departure_time departs leaves_at leaves", time(), "when it leaves"),
        "arrives": f("arrival_time arrives gets_in_at reaches", time(), "when it arrives"),
        "delay": f("delay_minutes delay late_by minutes_late", integer(2, 120), "delay in minutes"),
        "changes": f("changes number_of_changes transfers", integer(2, 5), "how often one has to change"),
        "duration": f("duration_minutes travel_time duration journey_minutes", integer(13, 600, words=0), "minutes from start to end"),
        "coach": f("coach carriage wagon car", code("##", "#", "@"), "the carriage"),
        "seat": f("seat seat_number reserved_seat", code("##", "##@", "###"), "the reserved seat"),
        "klass": f("class travel_class comfort_class", choice(first="first class|1st class", second="second class|2nd class|standard class", sleeper="sleeping car|sleeper|couchette"), "class of travel"),
        "price": f("price fare ticket_price amount", money(5, 300), "price of the ticket"),
        "passenger": f("passenger traveller name passenger_name", PERSON, "who travels"),
        "ticket": f("ticket_number ticket_id ticket order_number booking_code", code("@@@###", "########", "T-#####", "@#@#@#@"), "number of the ticket"),
        "bike": f("bicycle bike with_bike bike_ticket", flag("with a bicycle|bike space booked|bike on board", "no bicycle|without bike|no bike space"), "whether a bicycle travels along"),
        "reason": f(
            "delay_reason reason cause disruption",
            choice(
                weather="fallen trees on the line|heavy snow|storm damage|flooded tracks",
                technical="a signal failure|a broken door|a fault on the train|a defective switch",
                staff="missing staff|a sick driver|waiting for the crew|a shortage of conductors",
                police="a police operation|an unattended suitcase|people on the tracks",
                works="construction work|track repairs|works on the bridge",
                traffic="waiting for a connecting train|a slow train in front|an overtaking train|a congested line",
            ),
            "why the train is late",
        ),
    },
    templates=(
        "{train} from {origin.station} to {destination.station} <<leaves|departs>> at {departs} from platform {origin.platform}[[ and arrives at {arrives}]].[[ Operator: {operator}.]][[ Coach {coach}, seat {seat}.]]",
        "TICKET {ticket}\n{passenger}\n{day}\n{origin.station} {departs}\n{destination.station} {arrives}\n<<{train}, coach {coach}, seat {seat}|Train {train}\nCoach {coach} Seat {seat}>>\n[[{klass}\n]]Price: {price}",
        "Dear <<passengers|customers>>,\n\n{train} to {destination.station}, scheduled for {departs}, is running {delay} minutes late today because of {reason}. It will leave from platform {origin.platform}. <<We ask for your understanding.|We apologise.>> Hot drinks are served in the lounge.\n\n{operator}",
        "<<ugh|great|of course>>, {delay} min late again, {reason}. i'm on {train}, should be in {destination.station} at {arrives} on paper. coach {coach} if you want to find me",
        "| Train | From | Dep | To | Arr | Platform |\n|---|---|---|---|---|---|\n| {train} | {origin.station} | {departs} | {destination.station} | {arrives} | {origin.platform} |",
        "date: {day}\nfrom: {origin.station}\nto: {destination.station}\npassenger: {passenger}\nclass: {klass}\nbike: {bike}\nprice: {price}\nbooking: {ticket}",
        "One ticket from {origin.station} to {destination.station} on {day}, {klass}, {bike}, please. <<Leaving|Departure>> around {departs}. [[It may have {changes} changes at most. ]]I heard it costs {price}.",
        "- {operator} {train}\n- {origin.station}, platform {origin.platform}, {departs}\n- {destination.station}, platform {destination.platform}, {arrives}\n- {duration} minutes\n[[- {bike}]]",
        "Compensation claim\n\nOn {day} I travelled with {operator} on {train} (ticket {ticket}). We reached {destination.station} {delay} minutes late; the conductor spoke of {reason}. The ticket cost {price}. Please transfer a quarter of that to my account within 30 days.\n\n{passenger}",
        "{origin.station} {departs} > {destination.station} {arrives}, {duration} min, {changes} changes, {operator}",
        "Announcement on platform {destination.platform}: {train} from {origin.station}, due at {arrives}, <<is delayed by|will be late by>> {delay} minutes. Reason: {reason}.",
        "Booking confirmed - {operator}\n\nPassenger: {passenger}\nDate: {day}\nTrain: {train}\nFrom {origin.station} at {departs} (platform {origin.platform})\nTo {destination.station} at {arrives}\nSeat: coach {coach}, {seat}\nTicket: {ticket}, {price}",
        "On {day} {passenger} <<takes|will take>> the {train} from {origin.station} to {destination.station}. The train leaves at {departs} and arrives at {arrives}[[ on platform {destination.platform}]]. <<Reserved|Booked>>: {klass}, coach {coach}, seat {seat}.[[ The ticket was {price}.]][[ Also: {bike}.]]",
    ),
)
