"""Events: concerts, conferences, exhibitions, with place, times, people on stage and tickets."""

from ..domain import Domain, f, g, values
from ..values import CITY, COMPANY, EMAIL, PERSON, URL, choice, date, flag, integer, money, text, time

_FIRST = """Autumn Winter Spring Summer Midnight Harbour Silver Open Northern Hidden Electric Quiet Golden Wild Urban Future
Digital Annual Riverside Lantern Sunday Old New Great Little Broken Secret Blue Global Green Second""".split()
_SECOND = """Nights Voices Days Summit Sessions Forum Echoes Strings Machines Gathering Lights Tales Stage Dialogue Week
Symposium Rhythms Frames Horizons Encounters Waves Reunion Meetup Ideas Parade Letters Matinee Colloquium Stories Roots""".split()
_PLACES = """Town Hall|Old Mill|Concert House|Riverside Arena|City Library|Congress Centre|Botanical Garden|Palace Theatre|Student Union
St Mary's Church|Harbour Warehouse 7|Grand Hotel|Museum of Glass|Open Air Stage|Corn Exchange|Jazz Cellar|Royal Albert Room|Kulturhaus
Main Auditorium|Lecture Hall B|Expo Hall 3|Café Central|Community Centre|Tivoli|The Blue Note|Market Square|Tramway Depot|Sports Dome
Villa Rosa|Lakeside Pavilion|Chapel on the Hill|Factory 12""".replace("\n", "|").split("|")
_TITLE = text(
    lambda v: (
        f"{v.name(_FIRST, 0.2)} {v.name(_SECOND, 0.2)}"
        + (f" {v.rng.randint(2019, 2033)}" if v.chance(0.15) else "")
    )
)
_VENUE = text(
    lambda v: (
        f"{v.word(1, 2).capitalize()} {v.pick(['Hall', 'Arena', 'Club', 'Theatre', 'Centre', 'Park', 'House'])}"
        if v.chance(0.4)
        else v.pick(_PLACES)
    )
)

DOMAIN = Domain(
    name="event",
    tasks=(
        "Extract the event.",
        "Which event is announced here?",
        "Get the event's details.",
        "Fill in the event form.",
        "Event data from the announcement.",
    ),
    fields={
        "title": f(
            "title name event event_name event_title what", _TITLE, "name of the event|what it is called"
        ),
        "kind": f(
            "kind type event_type category format",
            choice(
                concert="concert|live gig|recital|live music show|symphony night",
                conference="conference|congress|two-track meeting of experts|professional summit",
                exhibition="exhibition|art show|gallery display|vernissage",
                workshop="workshop|hands-on course|hands-on session|practical training",
                theatre="play|stage play|theatre performance|drama production",
                market="flea market|street market|craft fair|farmers' market",
                sports="football match|tournament|charity run|marathon",
                reading="book reading|author evening|poetry reading|novel presentation",
            ),
            "what kind of event it is",
        ),
        "day": f(
            "date day event_date on start_date when",
            date(),
            "the day on which it takes place|date of the event",
        ),
        "start": f("start start_time begins starts_at time", time(), "when it begins|time of the start"),
        "doors": f("doors doors_open admission_from entry_time", time(), "when the doors open"),
        "end": f("end end_time ends_at finish until", time(), "when it is over"),
        "place": g(
            "venue place location",
            name=f("name venue_name hall building", _VENUE, "the hall or place"),
            city=f("city town", CITY, "town in which it happens"),
            capacity=f("capacity seats max_people", integer(20, 9000, words=0), "how many people fit in"),
        ),
        "speakers": values(
            "speakers performers line_up artists guests on_stage", PERSON, (1, 4), "comma and semicolon"
        ),
        "organizer": f(
            "organizer organiser host presented_by", COMPANY, "who puts it on|the hosting company"
        ),
        "price": f(
            "price ticket_price entry_fee admission cost",
            money(3, 400),
            "price of one ticket|what admission costs",
        ),
        "sold_out": f(
            "sold_out is_sold_out fully_booked",
            flag(
                "sold out|no tickets left|fully booked|nothing left at the box office",
                "tickets still available|plenty of seats left|still seats to be had|not yet sold out",
            ),
            "true if no tickets are left",
        ),
        "register_by": f(
            "register_by registration_deadline sign_up_until deadline", date(), "last day to register"
        ),
        "contact": f("contact contact_email email info_email", EMAIL, "where to send questions"),
        "website": f("website url link", URL, "page with more information"),
    },
    templates=(
        "{title}\n<<Where|Venue|Place>>: {place.name}, {place.city}\n<<When|Date>>: {day}, {start}[[\nDoors: {doors}]][[\nTickets: {price}]][[\n<<More|Info|Web>>: {website}]]",
        "<<Join us for|Come to|Don't miss|You are warmly invited to>> {title} on {day} at {place.name}[[ in {place.city}]]!<< Doors open at {doors}, the first act starts at {start}.| We begin at {start} sharp.| Start: {start}.>>[[ On stage: {speakers}.]][[ Admission {price}.]]",
        'Dear <<colleagues|members|friends|all>>,\n\n{organizer} is pleased to announce "{title}", this year\'s {kind}, <<to be held|taking place>> on {day} in {place.city}. The venue is {place.name}[[ with room for {place.capacity} people]].\n\n<<Speakers will be|The following have agreed to speak:|We look forward to hearing>> {speakers}.\n\n[[Please register by {register_by}. ]]Questions go to {contact}.\n\n<<Kind regards|With best wishes|Yours sincerely>>,\nthe programme committee',
        "hey, are you free on {day}? there's a thing called {title} at {place.name}, <<kicks off|starts>> at {start}[[ and goes until {end}]]. <<it's {price} per head|tickets are {price}|costs {price}>>[[, last I checked: {sold_out}]]. my flatmate is going too",
        "EVENT: {title}\nTYPE: {kind}\nDATE: {day}\nTIME: {start} to {end}\nVENUE: {place.name}\nCITY: {place.city}\n[[HOST: {organizer}\n]]TICKETS: {price} ({sold_out})",
        "| Event | Type | Day | City | Ticket |\n|---|---|---|---|---|\n| {title} | {kind} | {day} | {place.city} | {price} |",
        "{day} | {start} | {title} | {place.name} | {speakers}",
        "<<Reminder|Heads-up|Last call>>: registration for {title} closes on {register_by}. The {kind} itself is on {day} in {place.city}.[[ Fee: {price}.]][[ Status: {sold_out}.]] <<Write to|Mail>> {contact}[[ or see {website}]].",
        'The {kind} "{title}" drew <<some attention|a lot of talk>> in {place.city} last week, when {organizer} published the programme: {speakers} will appear at {place.name} on {day}. The old roof was repaired only recently, at the expense of the council. [[Tickets cost {price}; according to the box office: {sold_out}.]]',
        "- What: {title} ({kind})\n- Who: {speakers}\n- Where: {place.name}[[, {place.city}]]\n- Doors {doors}, start {start}[[, end {end}]]\n[[- Entry: {price}\n]]- <<Hosted|Organised|Run>> by {organizer}",
        "Subject: Your <<place|seat|registration>> at {title}\n\n<<Hello|Hi>>,\n\nthanks for your interest in our {kind}. It <<takes place|is>> on {day}, <<from {start} to {end}|{start} until {end}>>, at {place.name}[[ (capacity {place.capacity})]].[[ You can register until {register_by}.]]\n\nPlease bring a valid ID; coffee is on us.\n\n{organizer}\n{contact}",
        "Line-up:\n{speakers}\n\n<<Live at|All at>> {place.name}, {place.city}\n{day} // doors {doors} // show {start}\n[[presented by {organizer}\n]][[{website}]]",
        "<<so|ok so|btw>> the {kind} is on {day} now, <<doors|they let people in from>> {doors}, place is {place.name}. {sold_out}, says the site ({website})",
        "Press release. {organizer} presents {title}. The {kind} opens its doors at {doors} on {day}. With {speakers}. {place.name} holds {place.capacity} visitors. Trams 4 and 11 stop in front of the building. Ticket price: {price}.",
        "{title} - {kind} in {place.city}\n\n{day}, {start}, {place.name}\nWith: {speakers}\n[[Entry {price}, {sold_out}\n]][[Organiser: {organizer}]]",
        "<<We invite you to|We would be glad to see you at>> {title}, <<the|our>> {kind} <<organised|hosted>> by {organizer}. It <<starts|begins>> at {start} on {day} at {place.name} in {place.city}[[ and ends at {end}]]. A ticket costs {price}.[[ Please sign up before {register_by}.]] <<For questions|If in doubt>>, write to {contact}.",
    ),
)
