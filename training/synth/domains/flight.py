"""Flights: tickets, boarding passes, delays, check-in messages."""

from ..domain import Domain, f, g
from ..values import CITY, PERSON, choice, code, date, flag, integer, money, text, time

_AIRLINES = """Northwind Air|Lufthansa|Air France|KLM|Ryanair|easyJet|British Airways|Iberia|TAP|SAS|Finnair|Swiss|Austrian|LOT|Wizz Air
Vueling|Emirates|Qatar Airways|Turkish Airlines|Delta|United|American Airlines|JetBlue|Air Canada|Qantas|ANA|Japan Airlines|Korean Air
Singapore Airlines|Cathay Pacific|Ethiopian|Kenya Airways|LATAM|Avianca|Condor|Eurowings|Norse|Aer Lingus""".replace(
    "\n", "|"
).split("|")
_AIRPORTS = """BER TXL MUC FRA CDG ORY LHR LGW STN AMS MAD BCN LIS OPO FCO MXP VIE ZRH GVA CPH ARN OSL HEL WAW PRG BUD ATH IST DXB DOH
JFK EWR LAX SFO ORD BOS SEA DEN ATL MIA YYZ YVR NRT HND KIX ICN PEK PVG SIN BOM DEL SYD MEL AKL NBO ADD CAI GRU EZE LIM""".split()
_AIRLINE = text(
    lambda v: (
        f"{v.word(1, 2).capitalize()} {v.pick(['Air', 'Airlines', 'Airways', 'Jet', 'Fly', 'Wings'])}"
        if v.chance(0.3)
        else v.pick(_AIRLINES)
    )
)
_IATA = text(
    lambda v: (
        v.pick(_AIRPORTS)
        if v.chance(0.7)
        else "".join(v.rng.choice("ABCDEFGHIJKLMNOPRSTUVWXYZ") for _ in range(3))
    ),
    {"pattern": "^[A-Z]{3}$"},
)

DOMAIN = Domain(
    name="flight",
    tasks=(
        "Extract the flight.",
        "Read this flight information.",
        "Flight details, please.",
        "Pull the booking out of this message.",
    ),
    fields={
        "number": f(
            "flight_number flight flight_no number flight_code",
            code("@@###", "@@####", "@@ ###", "@#####"),
            "number of the flight|airline code and number",
        ),
        "airline": f("airline carrier operated_by airline_name", _AIRLINE, "who operates the flight"),
        "reference": f(
            "booking_reference reference pnr record_locator confirmation_code",
            code("******", "@@@@@@", "@#@#@#"),
            "the six-character booking code|booking number",
        ),
        "passenger": f(
            "passenger passenger_name traveller traveler name", PERSON, "who is flying|name on the ticket"
        ),
        "origin": g(
            "origin departure_place departure start",
            city=f("city town", CITY, "city of departure"),
            airport=f("airport airport_code iata code", _IATA, "three-letter code"),
        ),
        "destination": g(
            "destination arrival_place arrival goal",
            city=f("city town", CITY, "city to which it goes"),
            airport=f("airport airport_code iata code", _IATA, "three-letter code"),
        ),
        "day": f("date flight_date departure_date day travel_date", date(), "day of departure"),
        "departs": f(
            "departure_time departs takeoff leaves_at", time(), "time of departure|scheduled take-off"
        ),
        "arrives": f("arrival_time arrives landing lands_at", time(), "time of arrival"),
        "boarding": f("boarding_time boarding boards_at", time(), "when boarding begins"),
        "gate": f("gate gate_number departure_gate", code("@##", "@#", "##"), "gate at the airport"),
        "seat": f("seat seat_number assigned_seat", code("##@", "#@"), "the seat on board"),
        "cabin": f(
            "cabin travel_class cabin_class class_of_service fare_class",
            choice(
                economy="economy|economy class|coach|the back of the plane|tourist class|basic economy",
                premium_economy="premium economy|economy plus|comfort economy|extra-legroom economy",
                business="business|business class|club class|executive class",
                first="first class|first|the first-class cabin|suite in first",
            ),
            "class of travel",
        ),
        "bags": f(
            "checked_bags bags luggage baggage number_of_bags", integer(0, 6), "pieces of checked luggage"
        ),
        "price": f("price fare total amount ticket_price", money(29, 3000), "what the ticket costs"),
        "direct": f(
            "direct nonstop is_direct non_stop",
            flag(
                "non-stop|direct|without a stop|no change of planes",
                "one stop|with a stopover|with a connection|one change on the way",
            ),
            "whether it goes without a stop",
        ),
        "status": f(
            "status flight_status state",
            choice(
                on_time="on time|as scheduled|punctual|running to schedule",
                delayed="delayed|running late|behind schedule|held up for now",
                cancelled="cancelled|will not operate|called off|scrapped",
                boarding="now boarding|boarding in progress|passengers are getting on",
                landed="landed|has arrived|touched down|on the ground at its destination",
                diverted="diverted|rerouted|sent to another airport",
            ),
            "what the flight is doing",
        ),
    },
    templates=(
        "BOARDING PASS\n{passenger}\n{origin.airport} - {destination.airport}\nFLIGHT {number}   DATE {day}\n<<GATE {gate}   BOARDING {boarding}   SEAT {seat}|SEAT {seat} / GATE {gate} / BOARDING {boarding}>>[[\nCLASS {cabin}]][[\nPNR {reference}]]",
        "Dear {passenger},\n\n<<thank you for booking with|thanks for choosing|your booking is confirmed with>> {airline}. Your reference is {reference}.\n\nFlight {number}\n{origin.city} ({origin.airport}) to {destination.city} ({destination.airport})\n{day}, departing {departs}, arriving {arrives}\n[[Seat {seat}, {cabin}\n]][[Checked bags: {bags}\n]]\nTotal paid: {price}\n\n<<Have a pleasant trip|See you on board|We wish you a good journey>>",
        "<<landing|i land|my plane lands>> in {destination.city} at {arrives} on {day}, flight {number} with {airline}. can you pick me up? i'll text when i have my suitcase[[ (it's {direct} btw)]]",
        "Flight {number} from {origin.city} to {destination.city}: {status}.[[ <<New departure time|Departure>>: {departs}.]][[ Gate {gate}.]][[ We apologise for any inconvenience.]]",
        "{day} {number} {origin.airport} {departs} {destination.airport} {arrives} {cabin} {seat}",
        "| Flight | From | To | Dep. | Arr. | Gate | Status |\n| {number} | {origin.city} | {destination.city} | {departs} | {arrives} | {gate} | {status} |",
        "I <<need|am looking for|would like>> a flight from {origin.city} to {destination.city} on {day}, class: {cabin}. The cheapest I saw was {airline} <<for|at>> {price}[[, leaving at {departs}]].",
        "Passenger: {passenger}\nBooking code: {reference}\nCarrier: {airline}\nFlight no.: {number}\nFrom: {origin.city}\nTo: {destination.city}\nDate: {day}\nClass: {cabin}\nLuggage: {bags}[[\nFare: {price}]]",
        "<<Check-in is open|Online check-in has opened|You can now check in>> for {number} on {day}. <<Booking|Reference|Code>> {reference}.[[ Your seat: {seat}.]][[ Boarding starts at {boarding}.]] Liquids above 100 ml must stay out of hand luggage.",
        "Hi <<mum|dad|both|team>>,\n\nbooked! {airline}, {number}, {direct}. <<Off|Leaving>> at {departs} from {origin.city} and there by {arrives}. <<It was {price}|They charged {price}|Paid {price}>> <<in the end|all in>>, {cabin}, with {bags} checked <<bag(s)|piece(s) of luggage>>.\n\nLove, me",
        "Complaint\n\nTo whom it may concern,\n\non {day} I was booked on your flight {number} to {destination.city} (reference {reference}). The board read: {status}. Nobody at gate {gate} could tell us more, and my two children slept on the floor.[[ I paid {price} for this ticket.]]\n\nYours faithfully,\n{passenger}",
        "- route: {origin.airport} to {destination.airport}\n- operated by {airline} ({number})\n- {direct}\n- dep {departs}, arr {arrives}[[\n- bags included: {bags}]][[\n- {price}]]",
        "Attention please. Passengers on {airline} flight {number} to {destination.city} are asked to go to gate {gate}. Boarding: {boarding}. <<Mr or Ms|Passenger>> {passenger}, please see our staff <<at once|at the desk>>.",
        "The {departs} to {destination.city} ({number}) is {status}, <<says the app|according to {airline}|so I hear>>. <<We're at|Waiting at>> gate {gate}, I've got seat {seat}.",
        "{airline} e-ticket\nName {passenger}\nReference {reference}\n{number}, {day}\n{origin.city} {departs} / {destination.city} {arrives}\n[[Seat {seat}\n]]Cabin: {cabin}[[\nFare {price}]]",
        "<<Hello|Good morning>> {passenger}, your flight {number} <<from {origin.city} to {destination.city}|({origin.airport} to {destination.airport})>> on {day} <<leaves|departs>> at {departs} from gate {gate}. Current status: {status}.[[ You are in seat {seat}.]] <<Regards|Safe travels>>, {airline}",
    ),
)
