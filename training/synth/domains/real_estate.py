"""Real estate: flats and houses to let or for sale."""

from ..domain import Domain, f, g, values
from ..values import (
    CITY,
    COMPANY,
    EMAIL,
    PERSON,
    PHONE,
    POSTCODE,
    STREET,
    choice,
    code,
    date,
    datetime,
    flag,
    integer,
    money,
    number,
    options,
)

DISTRICT = options(
    "Old Town", "Riverside", "Northgate", "Southbank", "Mill Quarter", "Harbourside", "Westend", "Hilltop", "Kreuzberg", "Montmartre", "Garden Suburb", "Docklands",
    "Eixample", "Trastevere", "Soho", "University Quarter", "Lakeview", "Castle Hill", "Market District", "Parkside", "Fishermen's Wharf", "Chapel Hill", "Eastfield",
    "Station Quarter", "Little Italy", "Vineyard Slope", "Alfama", "Nørrebro", "Södermalm", "Brewery Quarter", "Meadowbank",
)  # fmt: skip
AMENITY = options(
    "balcony", "lift", "fitted kitchen", "parking space", "cellar", "garden", "roof terrace", "underfloor heating", "fireplace", "dishwasher", "bicycle room", "sauna",
    "guest toilet", "parquet", "swimming pool", "storage room", "garage", "fibre internet", "air conditioning", "walk-in wardrobe", "laundry room", "solar panels",
    "conservatory", "electric shutters", "alarm system", "south-facing terrace", "bathtub", "concierge", "winter garden", "sea view", "stucco ceilings", "carport",
)  # fmt: skip

DOMAIN = Domain(
    name="real_estate",
    tasks=(
        "Extract the property.",
        "Read this property listing.",
        "What is on offer here?",
        "Fill in the property record.",
    ),
    fields={
        "id": f(
            "id listing_id property_id object_number ad_number",
            code("RE-#####", "OBJ####", "######", "@@-###-@", "L#######"),
            "number of the listing",
        ),
        "kind": f(
            "kind property_type type category",
            choice(
                apartment="flat|apartment|maisonette|condo",
                house="detached house|terraced house|cottage|semi-detached home",
                studio="studio|compact studio flat|bedsit",
                room="room in a shared flat|furnished room at a family's|single room with shared kitchen",
                office="office space|suite of offices|floor of offices",
                land="building plot|piece of land|undeveloped site",
            ),
            "what sort of property",
        ),
        "deal": f(
            "deal offer_type transaction listing_type",
            choice(
                rent="to let|for rent|available on a lease|up for rent",
                sale="for sale|on the market for buyers|to be sold|up for purchase",
            ),
            "rent or sale",
        ),
        "address": g(
            "address location",
            street=f("street street_address", STREET),
            district=f("district neighbourhood quarter area_name", DISTRICT),
            city=f("city town", CITY),
            postcode=f("postcode zip_code postal_code", POSTCODE),
        ),
        "price": f(
            "price asking_price rent_or_price amount", money(300, 900000), "rent per month or price of sale"
        ),
        "costs": f("costs service_charge additional_costs utilities", money(20, 700), "monthly costs on top"),
        "deposit": f("deposit security_deposit bond", money(200, 9000)),
        "area": f(
            "area living_area size_sqm floor_area square_metres", number(12, 420, 1), "in square metres"
        ),
        "rooms": f("rooms number_of_rooms room_count", integer(1, 12)),
        "bedrooms": f("bedrooms bedroom_count beds", integer(1, 8)),
        "bathrooms": f("bathrooms bath_count baths", integer(1, 5)),
        "floor": f("floor storey level", integer(1, 30, words=0), "number of the storey"),
        "built": f(
            "built year_built construction_year",
            integer(1850, 2035, grouped=False, words=0),
            "year of construction",
        ),
        "available": f(
            "available available_from move_in_date free_from", date(), "first day on which one can move in"
        ),
        "viewing": f("viewing viewing_time open_house appointment", datetime(), "when it can be seen"),
        "pets": f(
            "pets pets_allowed pet_friendly",
            flag(
                "pets welcome|animals allowed|dogs and cats are fine",
                "no pets|animals not allowed|sorry, no animals",
            ),
        ),
        "furnished": f(
            "furnished is_furnished with_furniture",
            flag(
                "fully furnished|let with all furniture|comes with furniture",
                "unfurnished|without furniture|empty",
            ),
        ),
        "agent": g(
            "agent contact broker landlord",
            name=f("name contact_name", PERSON),
            company=f("company agency", COMPANY),
            phone=f("phone tel", PHONE),
            email=f("email mail", EMAIL),
        ),
        "amenities": values(
            "amenities features extras equipment", AMENITY, joins="comma and semicolon", count=(1, 5)
        ),
    },
    templates=(
        "{kind} {deal} in {address.city}[[, {address.district}]]\n\n{area} m2, {rooms} rooms[[, of which {bedrooms} bedrooms]][[, {bathrooms} bathroom(s)]]\n<<Price|Asking>>: {price}[[\nExtra costs: {costs}]][[\nDeposit: {deposit}]]\n<<Free from|Available from>> {available}\n\n<<Features|Extras>>:\n{amenities}\n\n<<Contact|Call>> {agent.name}, {agent.phone}",
        "<<Hello|Hi everyone|hey>>, <<a friend of mine has|I know of|we have>> a {kind} {deal} at {address.street} in {address.city}: {area} sqm, {price}[[, from {available}]]. {pets}[[, {furnished}]]. <<Write to|Ask>> {agent.name}[[ on {agent.phone}]]. <<Baker's next door, 3 minutes to the bus!|The neighbours play the cello, just so you know.|I would take it myself.>>",
        "Object no.: {id}\nType: {kind}\n<<Offer|Deal>>: {deal}\nStreet: {address.street}\nTown: {address.city}\nPostcode: {address.postcode}\nLiving area: {area} m2\nRooms: {rooms}\nFloor: {floor}\n<<Built in|Year of construction>>: {built}\nPrice: {price}[[\nDeposit: {deposit}]]",
        "{id} | {kind} | {address.city} | {area} m2 | {rooms} rooms | {price} | {available}",
        "Dear {agent.name},\n\n<<I am interested in|we would like to see|I saw your ad for>> the {kind} at {address.street}, {address.city} (listing {id}). <<Is it still|I understand it is>> {deal} at {price}. <<We are a couple with two children and a piano.|I have worked for the same employer for nine years.|My current lease ends soon.>>[[ Would the viewing on {viewing} suit you?]][[ I understand the state is: {furnished}.]]\n\nKind regards\n<<Ben|the Hollands>>",
        "The {kind}, built in {built}, <<lies in|is in the heart of>> {address.district}, {address.city}, and is {deal}. It has {rooms} rooms on {area} square metres, with {amenities}. <<The school is 400 metres away.|The former owner, a painter, kept 12 cats.|A tram line is planned nearby.>> <<The owner wants|It costs>> {price}.[[ House rules: {pets}.]] {agent.company} <<shows it on|offers a viewing on>> {viewing}.",
        "* {deal}: {kind}\n* {address.district}, {address.postcode} {address.city}\n* {price}, deposit {deposit}, costs {costs}\n* {bedrooms} bed / {bathrooms} bath\n* {furnished}, {pets}\n* open house {viewing}\n* {agent.company}, {agent.email}",
        "<<id|object>>;offer;type;street;city;<<sqm|area>>;bedrooms;bathrooms;price\n{id};{deal};{kind};{address.street};{address.city};{area};{bedrooms};{bathrooms};{price}",
        "A: <<hi, is the place at|is the one in>> {address.street} <<still free?|still going?>>\nB: yes, from {available}. {area} m2, level {floor}.\nA: <<how much?|price?>>\nB: {price}, plus {costs} costs[[, deposit {deposit}]]\nA: <<I have a dog|and animals?>>\nB: {pets}\nA: <<can I come by?|when could I see it?>>\nB: {viewing}, ask for {agent.name}",
        "<<New on our books|Just in|Exclusive>>: {kind} {deal}, {address.street}, {address.city}, listing {id}. {bedrooms} bedrooms, {bathrooms} bathrooms, {area} m2, constructed {built}. Guide price {price}. {agent.company} - {agent.phone}.[[ {furnished}.]]",
        "Viewing <<confirmed|appointment>>\n\nDear <<applicant|Ms. Tran>>,\n\nyou can see the {kind} in {address.street} ({address.district}, {address.city}) on {viewing}. <<Please bring|Do not forget>> proof of income. Reference {id}. Key data: {price}, {rooms} rooms, free from {available}.\n\n{agent.name}\n{agent.company}\n{agent.email}",
        "<<Small ad:|Notice board:>> {kind}, {address.city} {address.district}, {area} m2, {floor}. floor, {amenities}, {price}[[ + {costs}]], {furnished}, Tel. {agent.phone}",
        "Wohnung Nr. {id}\nAdresse: {address.street}, {address.postcode} {address.city}\nWohnfläche: {area} m2\nZimmer: {rooms}\nEtage: {floor}\nBaujahr: {built}\nMiete oder Preis: {price}\nNebenkosten: {costs}\nKaution: {deposit}\nFrei ab: {available}\nMakler: {agent.company}",
        "Landlord's sheet {id}\n- {address.street}\n- {rooms} rooms, {bedrooms} of them bedrooms\n- has {amenities}\n- {pets}\n- {furnished}\n- deposit {deposit}\n- next viewing {viewing}\n- keys at {agent.name}'s",
        "{kind} {deal}: {address.street}, {address.city}\n\n<<This property offers|You get>> {rooms} rooms on {area} m2[[ and was built in {built}]]. Price: {price}[[, deposit: {deposit}]]. Available from {available}. Pets: {pets}.\nFeatures: {amenities}.\n\nContact: {agent.name}, {agent.company}, {agent.email}",
        "Listing {id}\nType: {kind}\nOffer: {deal}\nCity: {address.city}\nDistrict: {address.district}\nBedrooms: {bedrooms}\nBathrooms: {bathrooms}\nArea: {area} m2\nPrice: {price}\nAvailable: {available}\nFurniture: {furnished}[[\nAgent: {agent.name}, {agent.phone}]]",
    ),
)
