"""Menus: dishes with prices, of a restaurant, canteen or café."""

from ..domain import Domain, f, rows, values
from ..values import CITY, PERSON, PHONE, choice, date, flag, integer, money, options, text, time

_BASE = """soup salad pasta risotto curry stew pie burger pizza lasagne tart omelette dumplings tacos ramen schnitzel goulash paella sandwich
wrap kebab steak fillet casserole gnocchi quiche pancakes gratin skewers meatballs cake sorbet mousse strudel crumble""".split()
_WITH = """tomato|mushroom|lentil|chicken|beef|pork|lamb|salmon|trout|cod|prawn|tofu|halloumi|spinach|pumpkin|leek|beetroot|aubergine|courgette
goat's cheese|truffle|chickpea|duck|venison|sweet potato|artichoke|asparagus|cauliflower|bean|fennel|apple|plum|chocolate|lemon""".replace(
    "\n", "|"
).split("|")
_SIDE = """with rice|with fries|with potatoes|with green salad|with garlic bread|with herbs|with yoghurt|in cream sauce|in red wine|from the oven
with seasonal vegetables|with roasted nuts|with vanilla ice cream|on toast|grandmother's style|with chili oil|with polenta""".replace(
    "\n", "|"
).split("|")
_STYLE = (
    "Creamy Spicy Grilled Roast Crispy Smoked Homemade Braised Sour Fried Baked Stuffed Warm Rustic".split()
)
_DISH = text(
    lambda v: (
        (f"{v.pick(_STYLE)} " if v.chance(0.35) else "")
        + (v.word(1, 2).capitalize() if v.chance(0.2) else v.pick(_WITH).capitalize())
        + f" {v.pick(_BASE)}"
        + (f" {v.pick(_SIDE)}" if v.chance(0.35) else "")
    )
)
_DRINK = options(
    "sparkling water", "still water", "apple juice", "orange juice", "cola", "lemonade", "ginger ale", "espresso", "cappuccino", "flat white",
    "green tea", "mint tea", "black tea", "hot chocolate", "house red", "Riesling", "Merlot", "prosecco", "pilsner", "wheat beer", "pale ale",
    "cider", "tonic water", "iced tea", "kombucha", "mango lassi", "tomato juice", "rhubarb spritzer", "gin and tonic", "negroni", "sake", "kvass",
)  # fmt: skip
_PLACE = text(
    lambda v: (
        f"{v.pick(['Canteen', 'Bistro', 'Café', 'Kitchen', 'Diner', 'Restaurant', 'Tavern', 'Chez', 'Casa'])} {v.word(1, 3).capitalize()}"
    )
)

DOMAIN = Domain(
    name="menu",
    tasks=(
        "Extract the menu.",
        "List the dishes.",
        "Which dishes are offered and for how much?",
        "Menu as data.",
        "Read the menu.",
    ),
    fields={
        "place": f("restaurant name place venue restaurant_name", _PLACE, "who offers the menu"),
        "city": f("city town location", CITY),
        "day": f("date day valid_on menu_date", date(), "the day for which the menu holds"),
        "meal": f(
            "meal service meal_type menu_type",
            choice(
                breakfast="breakfast|morning menu|brekkie",
                lunch="lunch|midday menu|noon meal",
                dinner="dinner|evening menu|supper",
                brunch="brunch|late-morning buffet|weekend brunch",
                dessert="desserts|sweets only|dessert card",
            ),
            "the meal it is for",
        ),
        "dishes": rows(
            "dishes items menu_items food menu",
            [
                "{dish} {price}",
                "{dish} - {price}",
                "{dish} ({price})",
                "{dish}, {price}",
                "{dish} .... {price}",
                "{dish}: {price}, {kcal} kcal",
                "{price} {dish}",
                "{dish} ({kcal} kcal) for {price}",
                "{dish} / {price} / {diet}",
                "{dish} [{diet}] {price}",
                "{dish}; {diet}; {price}",
                "{dish} at {price}",
            ],
            count=(1, 6),
            joins="newline newline bullet number",
            dish=f("name dish title item description", _DISH, "name of the dish"),
            price=f("price cost amount", money(2, 60), "what the dish costs"),
            kcal=f("calories kcal energy", integer(90, 1400, words=0), "energy in kcal"),
            diet=f(
                "diet suitable_for kind",
                choice(
                    vegan="vegan|plant-based|no animal products",
                    vegetarian="vegetarian|meatless|veggie",
                    meat="with meat|contains meat|meat dish",
                    fish="with fish|contains fish|fish dish",
                ),
            ),
        ),
        "drinks": values("drinks beverages drink_list", _DRINK, (1, 5), "comma and semicolon"),
        "set_price": f(
            "set_menu_price set_price menu_price fixed_price", money(9, 120), "price of the whole set menu"
        ),
        "courses": f(
            "courses number_of_courses course_count", integer(2, 7), "how many courses the set menu has"
        ),
        "chef": f("chef cook head_chef", PERSON, "who cooks"),
        "from_time": f("served_from from_time kitchen_opens opens", time(), "from when food is served"),
        "until_time": f("served_until until_time last_orders closes", time(), "until when food is served"),
        "phone": f("phone telephone reservations", PHONE),
        "takeaway": f(
            "takeaway take_away to_go",
            flag(
                "also to take away|takeaway possible|can be packed to go",
                "eat in only|no takeaway|not available to go",
            ),
            "whether one can take the food away",
        ),
    },
    templates=(
        "{place}[[, {city}]]\n<<Menu|Our menu|Today's card>> for {day}\n\n{dishes}\n\n[[Drinks: {drinks}\n]][[Served {from_time} to {until_time}\n]]<<Enjoy your meal!|Bon appétit!|All prices include tax.>>",
        "Dear guests,\n\n<<for|on the occasion of>> our {meal} on {day}, {chef} has prepared:\n\n{dishes}\n\n[[The {courses}-course set costs {set_price}. ]]Tables can be reserved at {phone}.\n\n<<Your|Yours,>> {place}",
        "{meal} @ {place}:\n{dishes}\n[[({takeaway})]]",
        "hey, the {place} has this today:\n{dishes}\n<<wanna go?|coming?|i'm starving>> they serve from {from_time}[[ and it's {takeaway}]]",
        "MENU\nDate: {day}\nMeal: {meal}\nCook: {chef}\n---\n{dishes}\n---\n<<Set menu|All courses together>>: {set_price}\nTo go: {takeaway}",
        "The canteen offers {meal} from {from_time} until {until_time}.\n{dishes}\nDrinks such as {drinks} <<are on the house|come free>>. Please bring your tray back; 14 went missing in spring.",
        "{place} in {city} was full when we came. Chef {chef} <<runs|has run>> the kitchen since the fire. On the card:\n{dishes}\nWe took the {courses}-course menu at {set_price} <<and left happy|and were not disappointed>>.",
        "Subject: Catering offer\n\n<<Hello|Dear client>>,\n\nas discussed, our suggestion for {day} ({meal}):\n{dishes}\nTo drink: {drinks}\n\nPackage with {courses} courses: {set_price} per guest.\n\nRegards\n{chef}\n{phone}",
        "Food:\n{dishes}\n\nDrinks: {drinks}\n\n<<Kitchen open until|Last orders>> {until_time}[[. {takeaway}]]",
        "{dishes}",
        "** {place} **\n[[{city}, phone {phone}\n]]{meal}, {from_time} - {until_time}\n\n{dishes}\n\nAllergens: see the folder at the counter.",
        "Week 32, {day}. Head of kitchen: {chef}. {meal} ({takeaway}).\n{dishes}",
        "<<New on the menu|Just added|Chef's picks>> at {place}:\n{dishes}\n\nSet of {courses} courses for {set_price}. Book: {phone}",
        "for the blackboard pls:\n{day}\n{dishes}\ndrinks {drinks}\nkitchen {from_time} till {until_time}\nthx {chef}",
        "{place} - {meal}\n\n{dishes}\n\nDrinks: {drinks}\n[[Set menu ({courses} courses): {set_price}\n]]Open from {from_time}[[ until {until_time}]]. {phone}",
        "Today at {place}, {city} ({day}):\n{dishes}\n[[Your cook: {chef}. ]]<<Served|Available>> until {until_time}, {takeaway}.",
    ),
)
