"""Hotel bookings: confirmations, requests, changes, with guest, room and dates."""

from ..domain import Domain, f, g, values
from ..values import (
    CITY,
    EMAIL,
    PERSON,
    PHONE,
    STREET,
    choice,
    code,
    date,
    flag,
    integer,
    money,
    options,
    text,
    time,
)

_HOTELS = """Grand Hotel|Hotel Bellevue|Park Inn|The Royal Oak|Seaside Lodge|Hotel Adler|Pension Edelweiss|Hotel Splendid|Motel One|Ibis
Hotel Post|Casa Verde|Villa Aurora|The Old Rectory|Hotel Continental|Riad Yasmine|Ryokan Sakura|City Hostel|Hotel Metropol|Alpenhof
Harbour View|Hotel Bristol|Albergo Roma|Auberge du Lac|Quality Suites|Hotel Central|Windmill Inn|Hotel Excelsior|Backpackers' Rest|Hotel Sole
The Lighthouse|Hotel Europa""".replace("\n", "|").split("|")
_HOTEL = text(
    lambda v: (
        f"{v.pick(['Hotel', 'Pension', 'Villa', 'Casa', 'Haus', 'Residence'])} {v.word(1, 3).capitalize()}"
        if v.chance(0.45)
        else v.pick(_HOTELS)
    )
)
_EXTRAS = options(
    "sauna", "parking", "breakfast in bed", "airport transfer", "extra pillow", "baby cot", "late check-out", "spa", "gym", "wifi", "minibar",
    "sea view", "balcony", "bathtub", "hair dryer", "bike rental", "laundry", "iron", "safe", "air conditioning", "quiet room", "high floor",
    "connecting door", "flowers", "champagne", "massage", "garage space", "desk", "kettle", "extra bed", "ground floor", "wheelchair access",
)  # fmt: skip

DOMAIN = Domain(
    name="hotel_booking",
    tasks=(
        "Extract the hotel booking.",
        "Reservation details, please.",
        "What has been booked?",
        "Read the reservation.",
    ),
    fields={
        "reference": f(
            "reference booking_reference confirmation_number booking_id reservation_number",
            code("########", "@@@-####", "HB######", "##.###.###"),
            "number of the booking",
        ),
        "hotel": g(
            "hotel property accommodation",
            name=f("name hotel_name", _HOTEL, "name of the hotel"),
            city=f("city town location", CITY),
            address=f("address street", STREET, "street and number"),
            phone=f("phone telephone", PHONE),
        ),
        "guest": g(
            "guest customer booked_by",
            name=f("name full_name guest_name", PERSON, "who stays|name of the main guest"),
            email=f("email mail contact", EMAIL, "the guest's e-mail"),
        ),
        "check_in": f(
            "check_in arrival checkin arrival_date from_date", date(), "day of arrival|first night"
        ),
        "check_out": f("check_out departure checkout departure_date to_date", date(), "day of departure"),
        "arrival_time": f("arrival_time eta expected_at", time(), "time at which the guest arrives"),
        "nights": f("nights number_of_nights duration length_of_stay", integer(2, 21), "how many nights"),
        "adults": f("adults number_of_adults guests_adult", integer(2, 6), "number of adults"),
        "children": f("children kids number_of_children", integer(2, 5), "number of children"),
        "room": f(
            "room_type room category room_category",
            choice(
                single="single room|single|room for one|one-bed room",
                double="double room|double|room with a double bed|queen room",
                twin="twin room|twin|room with two separate beds",
                suite="suite|junior suite|large suite with living room|penthouse suite",
                family="family room|room for the whole family|four-bed family room",
                dormitory="dorm bed|bed in a shared dormitory|bunk in the dorm",
            ),
            "kind of room",
        ),
        "board": f(
            "board meal_plan meals catering",
            choice(
                none="room only|no meals|without meals",
                breakfast="breakfast included|bed and breakfast|with breakfast|B&B",
                half_board="half board|breakfast and dinner|with breakfast and evening meal",
                full_board="full board|three meals a day|breakfast, lunch and dinner",
                all_inclusive="all inclusive|all-in with drinks|everything included",
            ),
            "which meals are included",
        ),
        "price": f(
            "total_price price total amount cost", money(60, 5000), "total for the stay|what the stay costs"
        ),
        "deposit": f("deposit prepayment down_payment", money(10, 500), "paid in advance"),
        "refundable": f(
            "refundable is_refundable free_cancellation cancellable",
            flag(
                "free cancellation|fully refundable|can be cancelled without charge|flexible rate",
                "non-refundable|no refund on cancellation|cannot be cancelled|saver rate without refund",
            ),
            "whether the money comes back on cancellation",
        ),
        "extras": values(
            "extras special_requests wishes additional_services requests",
            _EXTRAS,
            (1, 4),
            "comma and semicolon",
        ),
    },
    templates=(
        "<<Booking confirmation|Confirmation|Your reservation>> {reference}\n\n{hotel.name}\n[[{hotel.address}\n]]{hotel.city}\n[[Tel. {hotel.phone}\n]]\nGuest: {guest.name}\nCheck-in: {check_in}\nCheck-out: {check_out}\n[[Room: {room}\n]][[Meals: {board}\n]]Total: {price}",
        "Dear {guest.name},\n\nwe are <<happy|pleased|delighted>> to confirm your stay at {hotel.name}, {hotel.city}, from {check_in} to {check_out} ({nights} nights).[[ We have reserved the following for you: {room}, {board}.]]\n\nThe price is {price}[[; a deposit of {deposit} has been received]]. Rate conditions: {refundable}.\n\nOur garden terrace opens again after the works.\n\n<<Warm regards|Yours|Kind regards>>,\nReception",
        "<<Hello|Good day|Dear Sir or Madam>>,\n\nI would like to book with you from {check_in} until {check_out}: {room}, {board}, for {adults} adults[[ and {children} children]].<< We also need: {extras}.| Special wishes: {extras}.| Please note our requests: {extras}.>> [[I expect to arrive at {arrival_time}. ]]Please answer to {guest.email}.\n\n<<Best|Thanks and regards|Sincerely>>,\n{guest.name}",
        "hi, just booked {hotel.name} in {hotel.city}!! {nights} nights from {check_in}, {room}, {board}. {price} <<total|altogether|for everything>>, {refundable}. tell your sister",
        "reservation_no: {reference}\nguest: {guest.name}\nmail: {guest.email}\narrival: {check_in}\ndeparture: {check_out}\nadults: {adults}\nkids: {children}\nroom: {room}\nboard: {board}\namount: {price}",
        "| Ref | Guest | In | Out | Room | Total |\n|---|---|---|---|---|---|\n| {reference} | {guest.name} | {check_in} | {check_out} | {room} | {price} |",
        "{guest.name} / {nights} nights / {check_in} / {room} / {board} / {price}",
        "Reminder: your stay at {hotel.name} begins on {check_in}. <<Reception expects you at {arrival_time}.|You told us you would arrive at {arrival_time}.>> Booking {reference}.[[ Questions? Call {hotel.phone}.]][[ Outstanding after your deposit of {deposit}: see the bill on departure.]]",
        "Guest requests for {reference} ({guest.name}):\n{extras}\n\nArrival {check_in} at {arrival_time}, {adults} adults[[, {children} children]].",
        "Subject: Change of booking {reference}\n\n<<Hi|Hello>> there,\n\ncould you move our stay? We now arrive on {check_in} and leave on {check_out}. It stays at {adults} adults and {children} children.[[ If possible with {extras}.]] I assume the conditions remain ({refundable}).\n\n{guest.name}\n{guest.email}",
        "We spent {nights} nights at {hotel.name} in {hotel.city}. <<We had booked|Booked was>>: {room}, {board}. The lift squeaked and the neighbours sang, but the view made up for it. The bill said {price}. It is on {hotel.address}, <<ten minutes|a short walk>> from the cathedral.",
        "- Hotel: {hotel.name}, {hotel.address}\n- Phone: {hotel.phone}\n- Dates: {check_in} to {check_out}\n- Room type: {room}\n- Extras: {extras}\n[[- Deposit: {deposit}\n]]- Cancellation: {refundable}",
        "New booking via the website. {guest.name}, {guest.email}, wants {room} from {check_in}, {nights} nights, {adults} adults, {board}. Rate: {refundable}. To pay: {price}.",
        "<<Front desk|Night shift>> note: party of {adults} adults and {children} children, name {guest.name}, comes at {arrival_time} instead of the usual hour. Booked: {room}. Already paid: {deposit}. Has asked for {extras}.",
        "Thank you for your reservation, {guest.name}!\n\nHotel: {hotel.name}, {hotel.city}\nReservation number: {reference}\nArrival: {check_in}\nDeparture: {check_out}\nYour room: {room}, {board}\nTotal price: {price} ({refundable})",
        "Dear <<team|reception|all>>,\n\nplease reserve for {guest.name}: {room}, arriving {check_in}, leaving {check_out}, {adults} adults.[[ Meals: {board}.]][[ Wishes: {extras}.]] <<Our budget is|We were quoted|You offered us>> {price} for the {nights} nights. Send the confirmation to {guest.email}.",
    ),
)
