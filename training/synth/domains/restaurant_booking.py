"""Tables reserved in restaurants: messages, confirmations, notes by the phone."""

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

_NAMES = """Trattoria Bella|La Fontana|The Golden Duck|Zum Goldenen Hirsch|Chez Marie|Sakura|Blue Lotus|El Toro|The Rusty Anchor|Noodle Bar
Le Petit Jardin|Casa Pepe|Taverna Hellas|Green Fork|Spice Route|Osteria del Sole|The Copper Pot|Bistro 21|Kebab Palace|Burgerei
Fish & Chain|Brasserie Lipp|Gasthaus Krone|Tapas Tapas|Dim Sum House|Pho Saigon|The Vine|Olive & Fig|Smokehouse|Lemongrass|Weinstube|Red Lantern""".replace(
    "\n", "|"
).split("|")
_RESTAURANT = text(
    lambda v: (
        f"{v.pick(['Café', 'Chez', 'Bistro', 'Trattoria', 'Restaurant', 'La', 'The'])} {v.word(1, 2).capitalize()}"
        if v.chance(0.45)
        else v.pick(_NAMES)
    )
)
_ALLERGIES = options(
    "nuts", "peanuts", "gluten", "lactose", "shellfish", "eggs", "soy", "sesame", "celery", "mustard", "fish", "strawberries", "kiwi", "tomatoes",
    "garlic", "onions", "mushrooms", "wheat", "milk", "lupin", "sulphites", "molluscs", "corn", "cinnamon", "apples", "chili", "pork", "honey",
    "avocado", "coriander", "hazelnuts", "almonds",
)  # fmt: skip

DOMAIN = Domain(
    name="restaurant_booking",
    tasks=(
        "Extract the table reservation.",
        "Who booked which table?",
        "Read this reservation.",
        "Table booking as JSON.",
    ),
    fields={
        "restaurant": g(
            "restaurant place venue",
            name=f("name restaurant_name", _RESTAURANT, "name of the restaurant"),
            city=f("city town", CITY),
            address=f("address street", STREET),
            phone=f("phone telephone phone_number", PHONE, "the restaurant's number"),
        ),
        "guest": g(
            "guest customer contact_person",
            name=f("name full_name booked_under", PERSON, "in whose name the table is"),
            phone=f("phone mobile phone_number", PHONE, "the guest's number"),
            email=f("email mail", EMAIL),
        ),
        "day": f("date day reservation_date booking_date", date(), "day of the visit"),
        "time": f("time at reservation_time arrival_time", time(), "time of the visit|when the guests come"),
        "people": f(
            "people party_size guests number_of_people persons covers",
            integer(2, 14),
            "how many persons|size of the party",
        ),
        "high_chairs": f("high_chairs child_seats highchairs", integer(2, 4), "seats for small children"),
        "table": f("table table_number table_no", code("T##", "##", "@#"), "number of the table"),
        "area": f(
            "area seating section seating_area where",
            choice(
                terrace="on the terrace|outside|in the garden|outdoors under the trees",
                window="by the window|at the window|next to the big window",
                bar="at the bar|at the counter|on bar stools",
                main_room="in the main room|in the dining hall|inside, in the big room",
                private_room="in a private room|in the separate room|in the back room, just for us",
            ),
            "where the guests sit",
        ),
        "occasion": f(
            "occasion reason event celebration",
            choice(
                birthday="a birthday|someone turning thirty|a birthday party",
                business="a business lunch|a meal with clients|a meeting with partners from work",
                anniversary="a wedding anniversary|our anniversary|ten years of marriage",
                date="a first date|a romantic evening|a dinner for two lovers",
                graduation="a graduation|finishing university|a passed final exam",
                family="a family reunion|a meal with all the relatives|a family get-together",
            ),
            "what is celebrated",
        ),
        "allergies": values(
            "allergies dietary_restrictions intolerances avoid", _ALLERGIES, (1, 3), "comma and"
        ),
        "status": f(
            "status state reservation_status",
            choice(
                confirmed="confirmed|accepted|all set|guaranteed",
                pending="still to be confirmed|awaiting an answer|on request|pending",
                cancelled="cancelled|called off|no longer needed|withdrawn",
                waiting_list="on the waiting list|wait-listed|full, queued for a free table",
            ),
            "state of the reservation",
        ),
        "budget": f("budget price_per_person spend_per_head menu_price", money(15, 150), "price per person"),
        "pet": f(
            "dog with_dog pet brings_dog",
            flag("with a dog|bringing our dog|dog comes along", "no dog|without pets|no animals"),
            "whether a dog comes along",
        ),
        "code": f(
            "code confirmation_code reservation_id reference",
            code("R-#####", "@@####", "######", "TB-@##@"),
            "the reservation's code",
        ),
    },
    templates=(
        "<<Hi|Hello|Good evening>>, <<I'd like to book|could I reserve|can we get>> a table for {people} on {day} at {time}, {area} if possible.[[ We are celebrating {occasion}.]][[ One of us cannot eat {allergies}.]] <<Name|The name is|It's for>> {guest.name}[[, you can reach me on {guest.phone}]].",
        "RESERVATION {code}\n<<Restaurant|Venue>>: {restaurant.name}[[, {restaurant.city}]]\nName: {guest.name}\nDate: {day}\nTime: {time}\n<<Persons|Guests|Party of>>: {people}\n[[Table: {table}\n]]Status: {status}",
        "Dear {guest.name},\n\nyour table at {restaurant.name} for {people} people on {day} at {time} is as follows: {status}.[[ You will be sitting {area}.]][[ Your code is {code}.]]\n\nPlease let us know by phone ({restaurant.phone}) if you are running late. Our kitchen has just won a regional prize.\n\n<<See you soon|We look forward to your visit|Best wishes>>\nThe team",
        "<<ok|so|done>>: {restaurant.name}, {day}, {time}, {people} of us, {area}. <<under my name, {guest.name}|i said {guest.name}>>. {pet}",
        "phone note - {guest.name}, {guest.phone}, {day} {time}, {people} pers., {area}, {pet}[[, no {allergies}]]",
        "| Time | Name | Covers | Table | Area | Status |\n|---|---|---|---|---|---|\n| {time} | {guest.name} | {people} | {table} | {area} | {status} |",
        "- {day}, {time}\n- {people} persons[[, {high_chairs} high chairs]]\n- booked under {guest.name}\n- seated {area}\n[[- allergies: {allergies}\n]]- reason: {occasion}[[\n- budget per person: {budget}]]",
        "Subject: Group dinner\n\nDear <<Sir or Madam|team|chef>>,\n\nwe are planning {occasion} and would like to come to {restaurant.name} on {day}. We would be {people} people and need {high_chairs} high chairs. We think of {budget} per person, drinks not counted. Allergies in our group: {allergies}.\n\n<<Looking forward to your answer|Thanks in advance|Kind regards>>,\n{guest.name}\n{guest.email}",
        "{restaurant.name} <<sits at|can be found at|is at>> {restaurant.address} in {restaurant.city}, an old brewery with brass lamps. I have a table there {area} on {day}, {people} persons, {time}. The set menu costs {budget} a head.",
        "name={guest.name}; phone={guest.phone}; date={day}; time={time}; size={people}; dog={pet}; area={area}",
        "<<Change to|Update on|About>> reservation {code}: now {people} people instead, {time} on {day}. Table {table}. <<Also|Please note>>: {pet}, and nothing with {allergies} please.",
        "Booking with <<TableFinder|QuickTable|a travel portal>>: {restaurant.name}, {restaurant.address}, {restaurant.city}. {people} guests. {day}. {time}. Contact {guest.email}. Current state: {status}.",
        "the guest rang again, please look up {code} ({guest.name}, {people} persons, {time}) and set it to: {status}. thanks!! the babysitter has a fever",
        "It is {occasion}, so I asked {restaurant.name} for a table {area}. They gave us table {table} at {time} and want {budget} per person for the tasting menu. Call {restaurant.phone} if you get lost.",
        "<<Thank you for booking at|Your booking at>> {restaurant.name}:\n\nName: {guest.name}\nPhone: {guest.phone}\nWhen: {day} at {time}\nHow many: {people}\nSeating: {area}[[\nOccasion: {occasion}]][[\nAllergies: {allergies}]]\nReference: {code}",
        "<<Hello|Dear team|Good morning>>, please <<reserve|keep|book>> a table <<in the name of|for>> {guest.name} on {day}, {time}, for {people} people, {area}. The occasion is {occasion}[[ ({pet})]]. [[Please avoid {allergies}. ]]You can confirm to {guest.email}.",
    ),
)
