"""The stock of one article: cards, labels, reorder notes, questions."""

from ..domain import Domain, f
from ..values import CITY, COMPANY, PERSON, PHRASE, choice, code, date, flag, integer, money, number

_BIN = code("@-##-##", "@##", "R#-S##", "##/##/#", "@#.##")
_SKU = code("SKU-####", "@@-####", "######", "@@@##", "##-###-#")

DOMAIN = Domain(
    name="stock_article",
    tasks=(
        "Extract the article's stock.",
        "Fill in the stock record.",
        "What do we know about this article?",
        "Stock card as JSON.",
    ),
    fields={
        "warehouse": f(
            "warehouse warehouse_id depot store site",
            code("WH-##", "W###", "DC-@@", "Depot #"),
            "the warehouse",
        ),
        "city": f("city location town", CITY, "where the warehouse is"),
        "counted": f("counted_on count_date stocktaking_date date as_of", date(), "day of the count"),
        "counter": f("counted_by counter checked_by clerk responsible", PERSON, "who counted"),
        "article": f("article product item item_name product_name", PHRASE, "the article in question"),
        "sku": f("sku article_number item_number stock_code", _SKU, "number of the article"),
        "quantity": f("quantity on_hand in_stock stock_level", integer(0, 5000), "pieces on hand"),
        "ordered": f(
            "quantity_ordered on_order ordered order_quantity", integer(13, 3000, words=0), "pieces on order"
        ),
        "bin": f("bin shelf storage_location bin_location", _BIN, "where it is stored"),
        "weight": f("weight_kg weight unit_weight", number(0.1, 900, 2), "weight of one piece in kg"),
        "value": f("stock_value value total_value inventory_value", money(100, 9000), "value of the stock"),
        "supplier": f("supplier vendor delivered_by", COMPANY, "who supplies it"),
        "expires": f("expiry_date best_before expires use_by", date(), "until when it can be used"),
        "delivery": f(
            "next_delivery delivery_date expected_on restock_date", date(), "day on which new goods come"
        ),
        "batch": f(
            "batch lot batch_number lot_number", code("L####", "LOT-###", "B##@@#"), "batch or lot number"
        ),
        "status": f(
            "status stock_status availability state",
            choice(
                in_stock="in stock|on the shelf|available in full|enough there",
                low="running low|nearly gone|below the minimum|almost used up",
                out_of_stock="out of stock|sold out|nothing left|completely gone",
                discontinued="discontinued|no longer stocked|taken out of the range",
                blocked="blocked for inspection|in quarantine|on hold",
            ),
            "state of the stock",
        ),
        "hazardous": f(
            "hazardous dangerous_goods is_hazardous",
            flag(
                "hazardous|dangerous goods|flammable, store apart",
                "harmless|not hazardous|no dangerous goods",
            ),
            "whether it is dangerous",
        ),
        "storage": f(
            "storage_conditions temperature_zone storage",
            choice(
                ambient="at room temperature|ambient|unheated hall is fine",
                chilled="chilled|in the cold room|between 2 and 8 degrees",
                frozen="frozen|deep-frozen|in the freezer",
            ),
            "at what temperature it is kept",
        ),
    },
    templates=(
        "{article} ({sku}): {quantity} <<on hand|in stock>>, bin {bin}.[[ On order: {ordered}.]][[ Next delivery {delivery}.]] Status: {status}.",
        "Dear <<colleagues|team>>,\n\nduring the count in {warehouse} on {counted} we found {quantity} pieces of {article} (number {sku}) in {bin}. The article is {status}. [[{supplier} has {ordered} on order and delivers on {delivery}. ]]Please sweep aisle 3 before leaving.\n\n<<Regards|Best wishes|Thanks>>\n{counter}",
        "hey, do we still have {article}? system says {quantity} at {bin} but i'd say {status}. {supplier} <<comes|delivers>> {delivery}",
        "sku: {sku}\nname: {article}\nqty: {quantity}\nbin: {bin}\nweight: {weight} kg\nlot: {batch}\nexpires: {expires}\nstorage: {storage}\nclass: {hazardous}",
        "| SKU | Article | On hand | On order | Bin | Supplier |\n|---|---|---|---|---|---|\n| {sku} | {article} | {quantity} | {ordered} | {bin} | {supplier} |",
        "<<Question|Quick question>> about {article}: the label says lot {batch}, shelf {bin}, best before {expires}. Is it {status}?",
        "{sku} {article} {quantity} {bin} {warehouse}",
        "warehouse={warehouse};sku={sku};onhand={quantity};onorder={ordered};supplier={supplier};eta={delivery}",
        "{counter} <<reports|says>>: {article} in {bin} is {status}, {quantity} pieces left, each {weight} kg. <<Ask|Phone>> {supplier} for more. The forklift is being repaired until further notice.",
        "Label\n{article}\n{sku}\nLot {batch} / {expires}\n{weight} kg\nStore {storage}. {hazardous}",
        "Dear {counter},\n\nthe stock of {article} in {city} is worth {value}. We hold {quantity} pieces, and {ordered} more come from {supplier} on {delivery}.\n\n<<Regards|Best>>,\nControlling",
        "Reorder <<alert|notice>>: {sku} {article} is {status}. On hand {quantity}. Suggested supplier {supplier}, {ordered} pieces already on order, expected {delivery}.",
        "- item: {article}\n- lot {batch}, best before {expires}\n- keep {storage}\n- {hazardous}\n- one piece weighs {weight} kg\n- shelf {bin}",
        "Batch {batch} of {article} expires on {expires}. Store it {storage}. <<Handling|Note>>: {hazardous}. Remaining stock: {quantity}.[[ Value {value}.]]",
        "Article {sku}, {article}, is {status} in warehouse {warehouse}. <<There are|We have>> {quantity} pieces in bin {bin}.[[ {ordered} more are on order from {supplier}.]] The next delivery is due on {delivery}.[[ It must be kept {storage}.]]",
    ),
)
