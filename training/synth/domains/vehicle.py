"""Vehicles: listings of cars, vans and motorcycles for sale, registrations, workshop notes."""

from ..domain import Domain, f, g, values
from ..values import CITY, PERSON, PHONE, choice, code, date, flag, integer, money, number, options, text

_MAKES = """Volkswagen Audi BMW Toyota Honda Ford Opel Renault Peugeot Citroën Fiat Seat Skoda Volvo Saab Mazda Nissan Subaru Suzuki Hyundai Kia
Tesla Mercedes Porsche Mini Dacia Jeep Chevrolet Dodge Lexus Yamaha Ducati Kawasaki Vespa Jaguar Lancia Mitsubishi Polestar""".split()
_MAKE = text(lambda v: v.name(_MAKES, 0.2))
_MODEL = text(
    lambda v: v.rng.choice(
        [
            lambda: f"{v.word(1, 3).capitalize()}",
            lambda: f"{v.rng.choice('ABCEGMQSXZ')}{v.rng.randint(1, 9)}",
            lambda: f"{v.rng.choice('ABCDEFGKMS')}{v.rng.randint(10, 99)}0",
            lambda: (
                f"{v.word(1, 2).capitalize()} {v.pick(['GT', 'RS', 'Plus', 'Sport', 'Cross', 'Combi', 'Turbo'])}"
            ),
        ]
    )()
)
_COLOUR = options(
    "black", "white", "silver", "grey", "red", "blue", "dark blue", "green", "yellow", "orange", "brown", "beige", "burgundy", "metallic grey",
    "pearl white", "midnight blue", "racing green", "champagne", "gold", "bronze", "light blue", "mint", "anthracite", "copper", "ivory", "turquoise",
    "purple", "graphite", "cherry red", "sand", "matt black",
)  # fmt: skip
_EXTRA = options(
    "heated seats", "sunroof", "tow bar", "cruise control", "parking sensors", "rear camera", "leather seats", "navigation", "winter tyres", "alloy wheels",
    "roof rack", "air conditioning", "Bluetooth", "xenon lights", "keyless entry", "sport seats", "head-up display", "electric windows", "ABS", "CarPlay",
    "lane assist", "auxiliary heating", "tinted windows", "spoiler", "child locks", "heated mirrors", "ambient light", "massage seats", "bike carrier",
    "dash cam", "fog lights",
)  # fmt: skip

DOMAIN = Domain(
    name="vehicle",
    tasks=(
        "Extract the vehicle.",
        "Read this car listing.",
        "Which vehicle is for sale?",
        "Vehicle data, please.",
    ),
    fields={
        "make": f("make brand manufacturer", _MAKE, "the maker"),
        "model": f("model model_name type", _MODEL, "model designation"),
        "year": f(
            "year model_year year_of_manufacture built",
            integer(1965, 2026, words=0, grouped=False),
            "year it was built",
        ),
        "mileage": f(
            "mileage_km mileage kilometers odometer km", integer(1200, 320000, words=0), "kilometres driven"
        ),
        "fuel": f(
            "fuel fuel_type engine_type drive energy",
            choice(
                petrol="petrol|gasoline|unleaded|petrol engine",
                diesel="diesel|diesel engine|TDI diesel",
                electric="electric|battery-powered|fully electric|EV",
                hybrid="hybrid|plug-in hybrid|petrol plus electric motor",
                gas="LPG|natural gas|runs on autogas",
            ),
            "what it runs on",
        ),
        "gearbox": f(
            "transmission gearbox gear_type",
            choice(
                manual="manual|stick shift|six-speed manual|manual gearbox",
                automatic="automatic|automatic gearbox|DSG automatic|shifts by itself",
            ),
            "kind of gearbox",
        ),
        "body": f(
            "body_type body category style",
            choice(
                hatchback="hatchback|small five-door|compact five-door",
                saloon="saloon|sedan|four-door saloon",
                estate="estate|station wagon|touring estate",
                suv="SUV|off-roader|crossover",
                convertible="convertible|cabriolet|roadster with soft top",
                van="van|minibus|panel van",
                motorcycle="motorcycle|motorbike|scooter",
                truck="truck|lorry|pickup",
            ),
            "shape of the vehicle",
        ),
        "power": f("power_hp horsepower power hp", integer(45, 620, words=0), "horsepower"),
        "colour": f("color colour paint exterior_color", _COLOUR, "colour of the paint"),
        "doors": f("doors number_of_doors door_count", integer(2, 5), "number of doors"),
        "owners": f("previous_owners owners number_of_owners", integer(2, 6), "how many owners there were"),
        "price": f("price asking_price amount cost", money(400, 9000), "what the seller wants"),
        "consumption": f(
            "consumption fuel_consumption litres_per_100km", number(3, 16, 1), "litres per 100 km"
        ),
        "plate": f(
            "license_plate plate registration registration_number",
            code("@@-@@ ###", "@ @@ ####", "@@## @@@", "###-@@@"),
            "registration mark",
        ),
        "vin": f(
            "vin chassis_number vehicle_id", code("@@@##@#@#########", "W@@ZZZ#@Z@#######"), "chassis number"
        ),
        "inspection": f(
            "inspection_until inspection next_inspection mot_until", date(), "until when the inspection holds"
        ),
        "damaged": f(
            "damaged accident had_accident is_damaged",
            flag(
                "damaged in a crash|dented after an accident|damaged on one side|repaired after an accident",
                "accident-free|without any damage|free of damage|undamaged",
            ),
            "whether it had an accident",
        ),
        "negotiable": f(
            "negotiable price_negotiable open_to_offers",
            flag(
                "negotiable|open to offers|or best offer|price can be discussed",
                "fixed price|no haggling|firm|not negotiable",
            ),
        ),
        "seller": g(
            "seller contact owner",
            name=f("name full_name", PERSON, "who sells it"),
            phone=f("phone telephone phone_number", PHONE),
            city=f("city town location", CITY, "where it can be seen"),
        ),
        "extras": values("extras features equipment options", _EXTRA, (1, 5), "comma and semicolon"),
    },
    templates=(
        "<<For sale|Selling|FS>>: {make} {model}, {year}, {mileage} km, {fuel}, {gearbox}[[, {colour}]]. {price} {negotiable}. <<Call|Contact>> {seller.name}[[ on {seller.phone}]][[ in {seller.city}]].",
        "{make} {model}\n<<Year|Built|First registration>>: {year}\nMileage: {mileage} km\nFuel: {fuel}\nTransmission: {gearbox}\nPower: {power} hp\n[[Colour: {colour}\n]][[Doors: {doors}\n]]Price: {price}[[ ({negotiable})]]",
        "Dear Sir or Madam,\n\nI <<refer to|am writing about>> the {make} {model} with the registration {plate} (chassis number {vin}). The vehicle, built in {year}, is {colour} and has run {mileage} km. Condition: {damaged}.[[ The inspection is valid until {inspection}.]] I ask you to send the insurance papers in two copies.\n\n<<Yours faithfully|Sincerely>>,\n{seller.name}",
        "hey, is the {make} still there? the {colour} one for {price}. {negotiable} you said? and how many km, the ad says {mileage}. i'm in {seller.city} on my bike anyway",
        "| Make | Model | Year | km | Fuel | hp | Price |\n|---|---|---|---|---|---|---|\n| {make} | {model} | {year} | {mileage} | {fuel} | {power} | {price} |",
        "{year} {make} {model} | {body} | {gearbox} | {power} hp | {price}",
        "- {make} {model}, {body}\n- {fuel}, {consumption} l/100 km\n- {gearbox}, {power} hp\n- {damaged}\n- equipment: {extras}[[\n- inspection until {inspection}]]",
        "brand={make};model={model};plate={plate};vin={vin};colour={colour};doors={doors};fuel={fuel}",
        "Workshop note: {make} {model}, plate {plate}, {mileage} km on the clock. Brake pads front replaced, oil topped up (5W-30). <<Next inspection due|MOT until|Sticker valid until>> {inspection}. Customer {seller.name}, {seller.phone}.",
        "My late uncle's {make} {model} stands in a barn in {seller.city}. He bought it in the same summer as the boat. It was built in {year}, is {colour}, and had {owners} owners. <<Technical data|For those who care>>: {fuel}, {power} hp. I would let it go for {price}; {negotiable}.[[ It comes with {extras}.]]",
        "Subject: Your enquiry about the {model}\n\n<<Hello|Good afternoon>>,\n\nyes, the {make} {model} is still available. It has {power} hp, {doors} doors and needs {consumption} litres per 100 km. Previous owners: {owners}. On the question of damage: {damaged}. The asking price is {price}.\n\nViewings on weekends only.\n\nKind regards\n{seller.name}\n{seller.phone}",
        "Rental return: {plate}, {make} {model}, {colour}. Odometer {mileage}. Inspection: {damaged}. Tank three quarters full.",
        "Top offer!!! {body} {make} {model}, {fuel}, {owners} previous owners, {extras}, only {price}!!! {seller.phone} <<ask for|speak to>> {seller.name}",
        "<<In our yard|Just in|New on the lot>>: a {make} {model} built in {year}, {gearbox}, about {mileage} km. Price tag: {price}. Ask for {seller.name}, {seller.phone}.",
        "{make} {model} ({year})\n\nBody: {body}\nFuel: {fuel}\nGearbox: {gearbox}\nMileage: {mileage} km\nColour: {colour}\nExtras: {extras}\nPrice: {price}\n\nSeller: {seller.name}, {seller.city}",
        "I am selling my {make} {model}, built in {year}. It has done {mileage} km, <<engine|drive>>: {fuel}, {power} hp, gearbox: {gearbox}. The car is {colour}[[ and {damaged}]].[[ It has {extras}.]] I want {price}, {negotiable}. You can <<reach me at|call>> {seller.phone} ({seller.name}).",
    ),
)
