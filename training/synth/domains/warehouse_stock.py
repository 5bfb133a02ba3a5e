"""Warehouse stock: stock lists, counts, goods received, transfers of several articles."""

from ..domain import Domain, f, rows
from ..values import CITY, COMPANY, PERSON, PHRASE, choice, code, date, flag, integer, money, options, time

_UNIT = options(
    "pcs",
    "boxes",
    "pallets",
    "crates",
    "rolls",
    "kg",
    "litres",
    "sacks",
    "drums",
    "bundles",
    "cartons",
    "packs",
    "sets",
    "reels",
    "sheets",
    "bottles",
    "cans",
    "bags",
    "pairs",
    "tonnes",
    "metres",
    "tubes",
    "trays",
    "barrels",
    "bales",
    "units",
    "coils",
    "kits",
    "canisters",
    "dozens",
)
_BIN = code("@-##-##", "@##", "R#-S##", "##/##/#", "@#.##")
_SKU = code("SKU-####", "@@-####", "######", "@@@##", "##-###-#")

DOMAIN = Domain(
    name="warehouse_stock",
    tasks=("Extract the stock data.", "What is in stock?", "Read the stock list.", "Inventory as JSON."),
    fields={
        "warehouse": f(
            "warehouse warehouse_id depot store site",
            code("WH-##", "W###", "DC-@@", "Depot #"),
            "the warehouse",
        ),
        "city": f("city location town", CITY, "where the warehouse is"),
        "counted": f("counted_on count_date stocktaking_date date as_of", date(), "day of the count"),
        "counter": f("counted_by counter checked_by clerk responsible", PERSON, "who counted"),
        "items": rows(
            "items stock positions articles inventory",
            [
                "{sku} {article}: {quantity} {unit}",
                "{article} ({sku}) - {quantity} {unit}",
                "{quantity} {unit} of {article}, bin {bin}",
                "{article}, {quantity} {unit}, at {bin}",
                "{sku} | {article} | {quantity} | {bin}",
                "{article}: {quantity}",
                "{bin}: {quantity} {unit} of {article}",
                "{sku}: stock {quantity}, minimum {minimum}",
                "{article} {quantity} (minimum {minimum})",
                "{quantity} x {article} [{sku}]",
                "{article}, on hand {quantity}, min {minimum}, bin {bin}",
            ],
            count=(1, 6),
            joins="newline newline bullet number semicolon",
            sku=f("sku article_number item_number code", _SKU, "the article's number"),
            article=f("name article item product description", PHRASE, "what it is"),
            quantity=f("quantity stock on_hand count qty", integer(0, 4000), "how many are there"),
            unit=f("unit uom packaging", _UNIT, "unit of the quantity"),
            bin=f("bin location shelf storage_place", _BIN, "place on the shelves"),
            minimum=f(
                "minimum min_stock reorder_level reorder_point",
                integer(13, 500, words=0),
                "level at which to reorder",
            ),
        ),
        "value": f("stock_value value total_value inventory_value", money(100, 9000), "value of the stock"),
        "supplier": f("supplier vendor delivered_by", COMPANY, "who supplies it"),
        "delivery": f(
            "next_delivery delivery_date expected_on restock_date", date(), "day on which new goods come"
        ),
        "shift": f("shift_start count_time counted_at", time(), "time of the count"),
        "batch": f(
            "batch lot batch_number lot_number", code("L####", "LOT-###", "B##@@#"), "batch or lot number"
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
        "<<Stock list|Inventory|Stocktaking>> {warehouse}[[, {city}]], {counted}\n\n{items}\n\n[[Total value: {value}\n]]Counted by {counter}",
        "Count at {warehouse}:\n{items}\n<<done|checked|signed>> {counter}, {shift}",
        "GOODS RECEIVED {counted} {shift}\nfrom {supplier}\n{items}\nlot {batch}, <<accepted by|checked by>> {counter}",
        "Subject: Count of {counted}\n\nHello {counter},\n\n<<please check|can you verify>> the figures for {warehouse} in {city}:\n\n{items}\n\nThe auditors value it all at {value}. <<Thanks|Many thanks|Regards>>",
        "<<yo|hey>>, just walked through {warehouse}, this is what's there:\n{items}\nnext truck comes {delivery}[[, from {supplier}]]",
        "warehouse: {warehouse}\ncity: {city}\ntime: {shift}\nsupplier: {supplier}\nlot: {batch}\n{items}",
        "{warehouse} / {counted} / {counter}\n{items}",
        "Delivery note. {supplier} to {warehouse}, lot {batch}:\n{items}\nGoods to be kept {storage}; {hazardous}.",
        "- {warehouse}, {city}\n- counted {counted} at {shift}\n- total value {value}\n- kept {storage}\nContents:\n{items}",
        "The depot {warehouse} in {city} was founded by two brothers with a handcart. Today its stock is worth {value}. On {counted}, {counter} <<went|walked>> through the aisles and noted:\n{items}",
        "{items}\n\nmissing scanner no. 4, pls look for it. {counter}",
        "Transfer to {city}, truck with trailer:\n{items}\nCheck: {counter}. Storage: {storage}. Supplier was {supplier}.",
        "Warehouse: {warehouse}\nLocation: {city}\nDate of count: {counted}\n\n{items}\n\nStock value: {value}[[\nCounted by: {counter}]][[\nNext delivery: {delivery}]]",
    ),
)
