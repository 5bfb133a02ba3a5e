"""Postal addresses: where something goes, how to get in."""

from ..domain import Domain, f
from ..values import (
    CITY,
    COMPANY,
    COUNTRY,
    PERSON,
    PHONE,
    POSTCODE,
    STREET,
    Form,
    Kind,
    Surface,
    Values,
    choice,
    code,
    flag,
    options,
    text,
)

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()


def _ordinal(v: Values) -> Surface:
    n = v.rng.randint(1, 10)
    ending = {1: "st", 2: "nd", 3: "rd"}.get(n, "th")
    return Surface(n, v.rng.choice([f"{n}{ending}", _ORDINALS[n - 1]]))


_FLOOR = Kind(
    _ordinal, (Form({"type": "integer"}), Form({"type": "integer"}), Form({"type": "integer", "minimum": 0}))
)
_REGIONS = options(
    "Bavaria", "Saxony", "Tuscany", "Catalonia", "Ohio", "Texas", "Oregon", "Nevada", "Kent", "Cornwall", "Devon", "Brittany", "Normandy", "Ontario",
    "Quebec", "Alberta", "Victoria", "Tasmania", "Queensland", "Kerala", "Punjab", "Hokkaido", "Okinawa", "Jalisco", "Bahia", "Gauteng", "Lombardy",
    "Sicily", "Andalusia", "Galicia", "Tyrol", "Styria", "Silesia", "Munster", "Leinster", "Skåne", "Lapland", "Zeeland", "Limburg",
)  # fmt: skip
_LANDMARKS = options(
    "the old mill", "the town hall", "the fire station", "the post office", "the petrol station", "the swimming pool", "the primary school", "the windmill",
    "the police station", "the tram stop", "the bakery", "the cinema", "the cemetery", "the water tower", "the football ground", "the big oak",
    "the chapel", "the castle gate", "the fish market", "the car wash", "the pharmacy", "the fountain", "the railway bridge", "the kiosk",
    "the music school", "the lighthouse", "the bus depot", "the art museum", "the garden centre", "the roundabout", "the clock tower", "the boathouse",
)  # fmt: skip
_FLAT = text(
    lambda v: v.rng.choice(["Apt {}", "Flat {}", "Unit {}", "Apartment {}", "Suite {}", "No. {}"]).format(
        v.rng.choice([str(v.rng.randint(1, 499)), f"{v.rng.randint(1, 40)}{v.rng.choice('ABCD')}"])
    )
)

DOMAIN = Domain(
    name="address",
    tasks=(
        "Extract the address.",
        "Parse the postal address.",
        "Where does it go?",
        "Split the address into its parts.",
        "Address as JSON.",
    ),
    fields={
        "recipient": f(
            "recipient name addressee full_name deliver_to",
            PERSON,
            "to whom it is addressed|name on the letterbox",
        ),
        "company": f("company organisation care_of business", COMPANY, "company at the address"),
        "street": f(
            "street street_address address_line_1 line1 road",
            STREET,
            "street and house number|first line of the address",
        ),
        "apartment": f(
            "apartment unit flat address_line_2 apartment_number", _FLAT, "flat or unit within the house"
        ),
        "floor": f("floor storey level floor_number", _FLOOR, "which floor, as a number"),
        "postcode": f("postcode zip zip_code postal_code", POSTCODE, "postal code"),
        "city": f("city town place locality", CITY, "town or city"),
        "region": f("region state province county", _REGIONS, "state, province or county"),
        "country": f("country nation country_name", COUNTRY, "name of the country"),
        "kind": f(
            "kind address_type type purpose",
            choice(
                home="my home address|where I live|my private address",
                work="my work address|where I work|the office address",
                billing="for the invoice|the billing address|where bills should go",
                delivery="for the delivery|the shipping address|where the parcel should go",
                holiday="our holiday place|where we spend the summer|the holiday cottage",
            ),
            "what the address is for",
        ),
        "door_code": f(
            "door_code entry_code gate_code access_code",
            code("####", "#-##-#", "@###", "##*##"),
            "code that opens the door",
        ),
        "phone": f("phone telephone contact_phone phone_number", PHONE, "number to ring|phone for questions"),
        "landmark": f(
            "landmark nearby near next_to", _LANDMARKS, "what stands nearby|known place close to the address"
        ),
        "instructions": f(
            "delivery_instructions if_absent drop_off fallback",
            choice(
                leave_at_door="leave it at the door|put it on the doormat|just set it down by the front door",
                neighbour="hand it to the neighbours|give it to the people next door|leave it with the family opposite",
                call_first="call before you come|ring me ten minutes ahead|please phone first",
                parcel_locker="put it in the parcel locker|use the packing station|drop it in the parcel box",
                reception="leave it at reception|hand it in at the front desk|give it to the porter",
            ),
            "what to do with a parcel",
        ),
        "lift": f(
            "lift elevator has_lift has_elevator",
            flag("there is a lift|with a lift|the lift works", "no lift|the house has no lift|stairs only"),
            "whether the house has a lift",
        ),
    },
    templates=(
        "{recipient}\n[[{company}\n]]{street}[[, {apartment}]]\n<<{postcode} {city}|{city} {postcode}|{city}, {postcode}>>\n[[{region}\n]]{country}",
        "Please <<send|ship|post>> it to {recipient}, {street}, {postcode} {city}[[, {country}]]. [[If nobody is in: {instructions}. ]][[The code for the door is {door_code}. ]]Thanks!!",
        "Dear Sir or Madam,\n\n<<we have moved|please note our change of address>>. From now on please write to {company}, {street}, {postcode} {city}, {country}. <<The office is on the {floor} floor|You find us on the {floor} floor>>[[ ({lift})]]. The old premises on Harbour Quay are closed since the 3rd.\n\nYours faithfully,\n{recipient}",
        "ADDRESS LINE 1: {street}\n[[ADDRESS LINE 2: {apartment}\n]]CITY: {city}\nSTATE/PROVINCE: {region}\nZIP: {postcode}\nCOUNTRY: {country}[[\nPHONE: {phone}]]",
        "{recipient} | {street} | {postcode} | {city}[[ | {country}]][[ | {phone}]]",
        "hey, {kind}: {street}, {city}. it's near {landmark}[[, {floor} floor, {lift}]]. <<ring|buzz>> at {recipient}[[, door code {door_code}]]. see you at eight!",
        "Driver note, stop 14 of 22:\n- {recipient}\n- {street}, {apartment}\n- {city} {postcode}\n- {instructions}\n[[- entry code {door_code}\n]][[- tel. {phone}]]",
        "You asked for an address. This one is {kind}: {street}, {postcode} {city}[[, {region}]], {country}. <<Look for the name|The letterbox says>> {recipient}. [[It is right beside {landmark}.]]",
        "{recipient} <<lives|has a flat|stays>> at {street} in {city}[[ ({region})]], on the {floor} floor. {lift}, so <<bring strong arms|plan the move accordingly|you know>>. [[{apartment} is what the bell says. ]]<<Parcels|For parcels>>: {instructions}.",
        "<<Where is the party?|Where do we meet tomorrow?>>\n> At {street}, opposite {landmark}.\n<<Which town?|City?>>\n> {city}, postcode {postcode}.\n[[And how do I get in?\n> {door_code} opens the gate.\n]]Thanks, see you around 7. Bring Tom and his guitar.\n> Ask for {recipient}[[, {floor} floor]].",
        "recipient={recipient};street={street};unit={apartment};zip={postcode};town={city};country={country}",
        "Customer record updated. {kind}: {recipient}, {company}, {street}, {city} {postcode}, {country}. Contact number for the courier: {phone}. Remark: {instructions}.",
        "Urgent!! The sofa goes to {street}, {apartment}, {postcode} {city}. {lift}, {floor} floor. The client is {recipient}, <<phone|mobile>> {phone}. [[{instructions}! ]]Two men needed, about 40 kg.",
        "{company}\nAttn. {recipient}\n{street}\n[[{floor} floor\n]]{region}\n{city} {postcode}\n{country}",
        "<<Please deliver to|Ship to|Deliver to>>:\n{recipient}\n{street}\n[[{apartment}\n]]{postcode} {city}\n{country}\n\n<<Note|Instructions>>: {instructions}[[\nPhone: {phone}]]",
        "<<My new address|The new address|Our address>> is {street}, {postcode} {city}, {country}[[ ({region})]]. [[It is on the {floor} floor near {landmark}. ]]<<Name on the bell|The bell says>>: {recipient}.[[ This is {kind}.]]",
    ),
)
