"""Auction lots: what goes under the hammer, its estimate, bids and history."""

from ..domain import Domain, f, g, rows, values
from ..values import (
    CITY,
    COMPANY,
    EMAIL,
    LAST_NAME,
    PERSON,
    choice,
    code,
    date,
    datetime,
    flag,
    integer,
    money,
    number,
    options,
    percent,
)

OBJECT = options(
    "landscape with mill", "portrait of a lady", "pocket watch", "pair of candlesticks", "tea service", "writing desk", "Persian rug", "bronze horse", "diamond ring",
    "violin", "first edition of travel letters", "still life with lemons", "vase", "map of the coast", "samurai sword", "coin collection", "gold brooch", "oak chest",
    "marine chronometer", "poster for a circus", "set of six chairs", "pearl necklace", "snuff box", "globe", "stamp album", "mantel clock", "theatre mask",
    "folding screen", "pocket sundial", "rocking horse", "album of photographs", "chess set", "vintage motorcycle", "music box", "tapestry",
)  # fmt: skip
MEDIUM = options(
    "oil on canvas", "watercolour", "bronze", "porcelain", "silver", "walnut", "etching", "gouache on paper", "ivory-coloured ceramic", "18 carat gold", "mahogany",
    "lithograph", "marble", "pastel", "silk", "woodcut", "glass", "brass and steel", "wool", "terracotta", "ink on paper", "enamel", "leather binding", "oil on panel",
    "jade", "charcoal", "screen print", "pewter", "lacquer", "mixed media", "tempera",
)  # fmt: skip
PERIOD = options(
    "18th century", "circa 1900", "Art Deco", "Victorian", "Meiji period", "late 17th century", "Biedermeier", "1960s", "Baroque", "Georgian", "Art Nouveau", "Ming style",
    "Empire", "mid-century", "Renaissance style", "Edwardian", "1920s", "early 19th century", "Rococo", "Regency", "postwar", "Qing dynasty", "Gothic revival",
    "Louis XVI", "Bauhaus", "Ottoman", "Edo period", "around 1850", "Jugendstil", "neoclassical", "Tudor style",
)  # fmt: skip

DOMAIN = Domain(
    name="auction_lot",
    tasks=(
        "Extract the lot.",
        "Read the auction catalogue entry.",
        "Which lot is this, and what is it worth?",
        "Auction data, please.",
    ),
    fields={
        "lot": f(
            "lot lot_number lot_no lot_id", integer(1, 1900, words=0, grouped=False), "number of the lot"
        ),
        "title": f("title object lot_title name_of_object", OBJECT, "what is sold"),
        "artist": f("artist maker creator attributed_to", PERSON, "who made it"),
        "medium": f("medium material technique", MEDIUM, "material or technique"),
        "period": f("period age era dating", PERIOD, "when it was made, as the text puts it"),
        "size": g(
            "size dimensions measurements",
            height=f("height height_cm h", number(3, 240, 1, unit=" cm"), "in cm"),
            width=f("width width_cm w", number(3, 300, 1, unit=" cm"), "in cm"),
        ),
        "estimate": g(
            "estimate estimated_value valuation",
            low=f("low low_estimate minimum from", money(50, 40000), "lower end"),
            high=f("high high_estimate maximum to", money(80, 80000), "upper end"),
        ),
        "start_price": f(
            "start_price starting_bid opening_bid", money(20, 20000), "price at which bidding begins"
        ),
        "reserve": f(
            "reserve has_reserve reserve_set",
            flag(
                "with a reserve|subject to a reserve|with a lowest price set by the seller",
                "without reserve|with no reserve price|free of any reserve",
            ),
            "whether the seller set a lowest price",
        ),
        "hammer_price": f(
            "hammer_price sold_for price_realised final_price",
            money(50, 95000),
            "price at the fall of the hammer",
        ),
        "premium": f(
            "premium buyers_premium premium_percent surcharge", percent(), "buyer's premium in percent"
        ),
        "sale": g(
            "sale auction",
            house=f("house auction_house auctioneer", COMPANY),
            city=f("city place venue_city", CITY),
            starts=f("starts sale_time start begins", datetime(), "when the auction starts"),
            number=f("number sale_number auction_number", code("S####", "A-###", "###/##")),
        ),
        "viewing": f("viewing viewing_day preview_date on_view", date(), "day on which it can be inspected"),
        "provenance": values(
            "provenance previous_owners former_owners collections",
            LAST_NAME,
            count=(1, 4),
            joins="comma semicolon and",
        ),
        "bids": rows(
            "bids bid_history offers",
            [
                "{bidder}: {sum}",
                "paddle {paddle} bids {sum}",
                "{bidder} (paddle {paddle}) {sum}",
                "{sum} by {bidder}",
                "{bidder} - {sum}",
            ],
            joins="newline bullet number semicolon",
            bidder=f("bidder name who", PERSON),
            paddle=f("paddle paddle_number bidder_number", integer(13, 999, words=0)),
            sum=f("sum bid amount", money(20, 9000)),
        ),
        "condition": f(
            "condition state_of_preservation condition_grade state",
            choice(
                excellent="in mint condition|flawless|as good as new",
                good="in good condition|well preserved, light rubbing|good, with only minor wear",
                fair="visibly worn|chipped and scratched in places|fair, with old repairs",
                poor="badly damaged|in need of restoration|incomplete and heavily damaged",
            ),
            "how well it is preserved",
        ),
        "channel": f(
            "channel bid_channel winning_channel bid_via",
            choice(
                room="in the room|in person at the saleroom|by a raised paddle|on the floor",
                online="online|over the internet|through the live web platform|with a click from home",
                telephone="by telephone|over the phone line|on a call with a staff member",
                absentee="by a written commission|by an order left beforehand|by absentee slip",
            ),
            "how the last bid was made",
        ),
        "contact": f("contact specialist_email enquiries email", EMAIL, "where to ask"),
    },
    templates=(
        "Lot {lot}\n{artist}\n{title}\n{medium}, {period}\n[[{size.height} x {size.width}\n]]\n<<Estimate|Est.>>: {estimate.low} to {estimate.high}\n[[Provenance: {provenance}\n]]Condition: {condition}[[\nOffered {reserve}]]",
        "<<Dear|Hello>> <<Mr. Ferris|collector|Lady Crewe>>,\n\n<<we thought you might like|may we draw your attention to>> lot {lot}, a {title} by {artist} ({medium}). It <<comes up|will be offered>> at {sale.house} in {sale.city} on {sale.starts}. <<Bidding opens at|We start at>> {start_price}[[ and the buyer's premium is {premium}]].[[ You can see it on {viewing}.]] <<The catalogue has 212 pages.|Champagne will be served.>>\n\nEnquiries: {contact}",
        "Lot | Object | Artist | Low est. | High est. | <<Hammer|Hammer price>> | <<Bid by|Bid channel>>\n{lot} | {title} | {artist} | {estimate.low} | {estimate.high} | {hammer_price} | {channel}",
        "lot no: {lot}\nobject: {title}\ntechnique: {medium}\nage: {period}\nheight: {size.height}\nwidth: {size.width}\nopening bid: {start_price}\nreserve: {reserve}\nhouse: {sale.house}[[\npreview: {viewing}]]",
        "<<did you see|omg,>> lot {lot} <<went for|made>> {hammer_price} ({channel})!! the {title}, est was {estimate.low} to {estimate.high}. {sale.house} <<must be happy|again>>[[, plus {premium} premium]]. <<we got nothing, paddle up for two hours|my feet hurt>>",
        "Bidding on lot {lot} ({title}) <<began at|opened at>> {start_price}:\n{bids}\n\nThe hammer <<fell at|came down at>> {hammer_price}[[, {channel}]]. Sale {sale.number}, {sale.house}.",
        "At {sale.house} in {sale.city}, the {title} attributed to {artist} was on offer. It <<dates from|is described as>> {period}; <<material|made of>>: {medium}; it is {condition}. <<Experts of the national museum were in the room.|The same sale had 640 lots of stamps.|A copy hangs in a bank in Trieste.>>[[ Former owners: {provenance}.]][[ Hammer price: {hammer_price}, last bid {channel}.]]",
        "* {title}\n* {artist}, {period}\n* {medium}\n* {condition}\n* once owned by {provenance}\n* starts at {start_price}, {reserve}\n* premium {premium}\n* auction: {sale.starts}",
        "Sale {sale.number} - {sale.house}, {sale.city}\nBegins: {sale.starts}\nOn view: {viewing}\n\nLot {lot}: {title}, {medium}\nEstimate {estimate.low} / {estimate.high}\n<<Commission bids and questions|Contact>>: {contact}",
        "Q: <<I'd like to ask about|what can you tell me about>> lot {lot}?\nA: A {title}, {period}, {size.height} high and {size.width} wide.\nQ: <<what state is it in?|Condition?>>\nA: It is {condition}.\nQ: <<And the price?|What is it worth?>>\nA: We estimate {estimate.low} to {estimate.high}[[, {reserve}]].\nQ: <<who owned it?|whose was it?>>\nA: {provenance}.",
        'lot={lot} sale={sale.number} title="{title}" artist="{artist}" start={start_price} hammer={hammer_price} last_bid="{channel}"',
        "Condition report for lot {lot}\n\nThe {title} ({medium}) is {condition}. <<Height|It is>> {size.height}, width {size.width}. <<Examined under daylight and UV.|The frame was not opened.|Report drawn up in haste before the fair.>> Previous collections: {provenance}. Viewing on {viewing}; mail {contact}.",
        "Los {lot}: {title}\nKünstler: {artist}\nTechnik: {medium}\nEpoche: {period}\nMaße: Höhe {size.height}, Breite {size.width}\nAusruf: {start_price}\nZuschlag: {hammer_price}\n{sale.house}, {sale.city}[[\nAufgeld: {premium}]]",
        "<<Result|Auction result|Post-sale note>>: lot {lot}, {title}, {artist}. Bids:\n{bids}\nHammer price {hammer_price}, last bid made {channel}. <<Estimate had been|We had estimated>> {estimate.low} to {estimate.high}; premium is {premium}.",
        "Lot {lot}: {title}\nArtist: {artist}\nMedium: {medium}\nPeriod: {period}\nEstimate: {estimate.low} to {estimate.high}\nStarting bid: {start_price}\nReserve: {reserve}\nAuction house: {sale.house}, {sale.city}\nAuction starts: {sale.starts}",
        "<<The|Our>> auction on {sale.starts} in {sale.city} includes lot {lot}, a {title} by {artist}. It is {condition} and comes from the collections of {provenance}. The estimate is {estimate.low} to {estimate.high}, <<bids start at|the opening bid is>> {start_price}.[[ Viewing: {viewing}.]] Questions to {contact}.",
    ),
)
