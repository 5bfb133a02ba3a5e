"""Shipments: tracking, carrier, route, parcels, state of delivery."""

from ..domain import Domain, f, g, rows
from ..values import (
    CITY,
    COMPANY,
    COUNTRY,
    PERSON,
    STREET,
    choice,
    code,
    date,
    datetime,
    flag,
    integer,
    number,
    options,
)

CONTENTS = options(
    "spare parts", "books", "ceramic tiles", "garden tools", "medical samples", "printed brochures", "car tyres", "frozen fish", "computer monitors",
    "wine bottles", "office chairs", "textiles", "solar panels", "seeds", "cosmetics", "bicycle frames", "toys", "steel brackets", "laboratory glass",
    "batteries", "documents", "shoes", "coffee beans", "musical instruments", "paint cans", "kitchen appliances", "cut flowers", "hydraulic pumps",
    "LED lamps", "cables", "carpets", "exhibition stands", "candles", "veterinary supplies", "circuit boards",
)  # fmt: skip
CARRIER = options(
    "DHL", "UPS", "FedEx", "DPD", "GLS", "Hermes", "Royal Mail", "PostNL", "La Poste", "TNT", "Kuehne Nagel", "DB Schenker", "Maersk", "Evri", "Canada Post",
    "Aramex", "Yamato", "SF Express", "Blue Dart", "Colissimo", "Correos", "Chronopost", "Purolator", "USPS", "Bring", "Posti", "Swiss Post", "Sagawa",
    "Parcelforce", "InPost", "Toll", "StarTrack",
)  # fmt: skip

DOMAIN = Domain(
    name="shipment",
    tasks=(
        "Extract the shipment.",
        "Where is the parcel? Fill the record.",
        "Read the tracking notice.",
        "Shipment data from the text below.",
    ),
    fields={
        "tracking": f(
            "tracking tracking_number tracking_no tracking_id consignment_number waybill",
            code("##########", "1Z####@@####", "@@#########@@", "JD###########", "T-######"),
            "number with which the parcel can be followed|tracking number",
        ),
        "carrier": f("carrier courier shipping_company forwarder", CARRIER, "the company that transports it"),
        "sender": g(
            "sender shipper from consignor",
            name=f("name company", COMPANY, "who sends it"),
            city=f("city origin town", CITY, "where it starts"),
        ),
        "recipient": g(
            "recipient consignee receiver addressee",
            name=f("name full_name", PERSON, "who gets it"),
            street=f("street street_address", STREET),
            city=f("city destination town", CITY, "where it goes"),
            country=f("country destination_country", COUNTRY),
        ),
        "status": f(
            "status state delivery_status current_status",
            choice(
                pending="still waiting to be picked up|announced, but not handed over yet|announced by label only|not collected yet",
                in_transit="on its way|moving between depots|in transit|travelling to the next hub|on the road",
                out_for_delivery="out for delivery|on the van of today's round|loaded on the delivery vehicle",
                delivered="delivered|handed over to the recipient|left with the neighbour|dropped in the letter box",
                held_at_customs="held at customs|waiting for customs clearance|stuck at the border for inspection",
                returned="on its way back to the sender|refused and sent back|returned as undeliverable",
            ),
            "where the shipment stands",
        ),
        "shipped": f(
            "shipped ship_date shipped_on dispatched dispatch_date",
            date(),
            "the day it left|date of dispatch",
        ),
        "eta": f(
            "eta expected_delivery estimated_delivery expected_on arrival_date",
            date(),
            "when it should arrive",
        ),
        "last_scan": f(
            "last_scan last_update scanned_at last_event_time", datetime(), "time of the last scan"
        ),
        "contents": f("contents goods description_of_goods content", CONTENTS, "what is inside"),
        "pieces": f(
            "pieces piece_count package_count number_of_packages colli", integer(1, 40), "how many packages"
        ),
        "weight": f(
            "weight weight_kg gross_weight total_weight", number(0.2, 900, 1, unit=" kg"), "in kilograms"
        ),
        "parcels": rows(
            "parcels packages parcel_list boxes",
            [
                "{id}: {kilos}, {length} x {width} cm",
                "{id} ({kilos})",
                "box {id}, {kilos}, {length} cm long",
                "{id} / {kilos} / {length} cm x {width} cm",
            ],
            joins="newline bullet number semicolon",
            count=(1, 4),
            id=f(
                "id parcel_id label box_id", code("P-####", "@##", "BX####", "##/##"), "the package's label"
            ),
            kilos=f("kilos weight weight_kg kg", number(0.2, 60, 1, unit=" kg")),
            length=f("length length_cm", integer(10, 200, words=0)),
            width=f("width width_cm", integer(10, 120, words=0)),
        ),
        "signature": f(
            "signature signature_required needs_signature",
            flag(
                "signature required|must be signed for|to be handed over against signature only",
                "no signature needed|can be left without signature|signature not required",
            ),
            "whether the recipient has to sign",
        ),
        "fragile": f(
            "fragile is_fragile handle_with_care",
            flag(
                "fragile|to be handled with care|full of breakable things|breakable",
                "not fragile|robust|not breakable|nothing delicate",
            ),
        ),
    },
    templates=(
        "<<Hello|Dear|Hi>> {recipient.name},\n\n<<good news: your parcel from|your shipment from>> {sender.name} <<left|was dispatched>> on {shipped}.[[ It travels with {carrier}, tracking number {tracking}.]] <<We expect to deliver it on|Expected delivery:|You should have it on>> {eta}.[[ Please note: {signature}.]]\n\n<<Your parcel team|Kind regards, the shop>>",
        "Tracking {tracking}\nCarrier: {carrier}\n<<Status|Current state>>: {status}\n<<Last scan|Last event>>: {last_scan}\n[[From: {sender.city}\n]]To: {recipient.city}[[, {recipient.country}]]\n[[Pieces: {pieces}\n]][[Weight: {weight}\n]]ETA: {eta}",
        "<<where is|any news on|what happened to>> {tracking}? {carrier} <<says|claims|shows>> it is {status}[[, last scan {last_scan}]]. {recipient.name} <<is getting impatient|keeps calling|has asked twice>>[[, was promised {eta}]].",
        "CONSIGNMENT NOTE no. {tracking}\n\nShipper\n{sender.name}\n{sender.city}\n\nConsignee\n{recipient.name}\n{recipient.street}\n{recipient.city}, {recipient.country}\n\n<<Goods|Description of goods>>: {contents}\n<<Packages|No. of colli>>: {pieces}\n<<Gross weight|Weight>>: {weight}\n[[Instructions: {fragile}; {signature}\n]]Date of dispatch: {shipped}",
        "The consignment of {contents} that {sender.name} sent from {sender.city} <<on|on the day of>> {shipped} is {status}. <<It consists of|There are>> {pieces} package(s)[[ with a total weight of {weight}]]. <<An earlier consignment, for the Leith depot, is not affected.|The strike at the port had no effect on it.|The tariff of last spring still applies.>>[[ Recipient: {recipient.name}, {recipient.city}.]]",
        "carrier | tracking | <<origin|from>> | <<destination|to>> | weight | eta | status\n{carrier} | {tracking} | {sender.city} | {recipient.city} | {weight} | {eta} | {status}",
        "- tracking: {tracking}\n- {pieces} pcs\n- {contents} ({fragile})\n- receiver: {recipient.name}, {recipient.street}, {recipient.city}\n- {signature}[[\n- planned arrival {eta}]]",
        "Packing list for shipment {tracking}\n{parcels}\n\n<<In all|Total>>: {weight}\n<<Contents|Inside>>: {contents}[[\nCarrier: {carrier}]][[\nConsignee: {recipient.name}, {recipient.city} ({recipient.country})]]",
        "Dear <<Sirs|colleagues|partner>>,\n\n<<we hereby advise you|this is to inform you>> that the following was handed to {carrier} on {shipped}:\n{parcels}\n\n<<The destination is|It goes to>> {recipient.street}, {recipient.city}, {recipient.country}; <<the waybill number is|waybill>> {tracking}.[[ Arrival is planned for {eta}.]] <<Our storage hall 4 will be closed for stocktaking.|Please quote the waybill in all correspondence.>>\n\nYours faithfully\n{sender.name}",
        "Driver: got {pieces} boxes here for {recipient.name}, {recipient.street}. {fragile}?? says so on the label\nDispatch: <<yes|yep, right>>, and {signature}\nDriver: ok, scanned {last_scan}\nDispatch: <<thanks|thx>>, {tracking} is then {status}",
        "{last_scan} {carrier} scan: {tracking} {status} (depot {recipient.city}[[, {weight}]])",
        "<<Just so you know,|FYI:|Heads-up:>> {sender.name} shipped the {contents} on {shipped} with {carrier}[[, {pieces} parcels, {weight}]]. <<They|It>> should be in {recipient.city} on {eta}.[[ It's {fragile}, so mind your step.]]",
        "Sendung {tracking}\nVersender: {sender.name}, {sender.city}\nEmpfänger: {recipient.name}, {recipient.street}, {recipient.city}\nVersanddatum: {shipped}\nGewicht: {weight}\n<<Anzahl Pakete|Packstücke>>: {pieces}[[\nVoraussichtliche Zustellung: {eta}]]",
        "tracking_no={tracking} carrier={carrier} state='{status}' last_event='{last_scan}' consignee='{recipient.name}' dest='{recipient.city}, {recipient.country}'",
        'Shipment {tracking} for {recipient.name} in {recipient.city} is {status}. <<It left|We sent it from>> {sender.city} on {shipped}[[ and weighs {weight}]].[[ {carrier} expects to deliver on {eta}.]] <<For help dial 0800 and say "parcel".|Do not reply to this message.>>',
        "<<Shipping notice|Delivery note|Dispatch advice>>\nSender: {sender.name}\nReceiver: {recipient.name}, {recipient.city}\nTracking no.: {tracking} ({carrier})\nContents: {contents}\nNumber of packages: {pieces}\nHandling: {fragile}\nDelivery: {signature}\n[[Expected: {eta}]]",
    ),
)
