"""Recipes: ingredients with amounts and units, steps, times, servings."""

from ..domain import Domain, f, rows, values
from ..values import COUNTRY, PERSON, URL, choice, flag, integer, number, options, text

_INGREDIENTS = """flour|sugar|butter|eggs|milk|salt|olive oil|garlic|onions|tomatoes|rice|pasta|chicken breast|minced beef|cream|cheese|parmesan
potatoes|carrots|celery|spinach|mushrooms|red peppers|lentils|chickpeas|coconut milk|soy sauce|ginger|chili flakes|cumin|paprika powder|basil
parsley|lemon juice|honey|vanilla extract|baking powder|yeast|dark chocolate|almonds|walnuts|oats|yoghurt|quark|apples|bananas|raisins|cinnamon
stock|white wine|vinegar|mustard|breadcrumbs|bacon|salmon|prawns|tofu|noodles|cornflour|maple syrup""".replace(
    "\n", "|"
).split("|")
_INGREDIENT = text(
    lambda v: (
        v.word(2, 3)
        if v.chance(0.15)
        else (v.pick(["fresh ", "ground ", "chopped ", "cold ", "dried "]) if v.chance(0.15) else "")
        + v.pick(_INGREDIENTS)
    )
)
_UNIT = options(
    "g",
    "g",
    "kg",
    "ml",
    "l",
    "dl",
    "cl",
    "tbsp",
    "tsp",
    "cups",
    "oz",
    "lb",
    "pinches",
    "slices",
    "cloves",
    "handfuls",
    "cans",
    "sprigs",
    "sticks",
    "drops",
    "packets",
    "grams",
    "tablespoons",
    "teaspoons",
    "jars",
    "leaves",
    "bunches",
    "heads",
    "scoops",
    "sheets",
    "cubes",
)
_BASE = """soup stew cake bread pie salad curry pancakes muffins cookies lasagne risotto gratin quiche chili jam pudding dumplings scones waffles
casserole tart brownies granola noodles omelette stir-fry dip pesto goulash flatbread loaf""".split()
_TITLE = text(
    lambda v: (v.word(1, 2) if v.chance(0.3) else v.pick(_INGREDIENTS)).capitalize() + " " + v.pick(_BASE)
)
_VERBS = """Chop|Slice|Boil|Fry|Roast|Mix|Whisk|Knead|Grate|Peel|Melt|Simmer|Blend|Season|Drain|Stir in|Fold in|Sprinkle|Marinate|Toast|Brown
Add|Heat|Crush|Soak|Rinse|Cool|Cover|Dice|Mash""".replace("\n", "|").split("|")
_MANNER = """finely|gently|until golden|until soft|over low heat|in a large bowl|with a fork|for a while|in batches|with a little water|overnight
until smooth|in the pan|on a tray|under a cloth|twice|with care|to taste""".replace("\n", "|").split("|")
_STEP = text(
    lambda v: (
        f"{v.pick(_VERBS)} the {v.pick(_INGREDIENTS)}" + (f" {v.pick(_MANNER)}" if v.chance(0.6) else "")
    )
)
_TOOL = options(
    "whisk", "large pot", "frying pan", "oven", "baking tray", "mixing bowl", "sieve", "blender", "rolling pin", "kitchen scale", "grater", "wok",
    "springform tin", "casserole dish", "hand mixer", "wooden spoon", "muffin tin", "thermometer", "pressure cooker", "food processor", "colander",
    "pastry brush", "mortar", "mandoline", "loaf tin", "steamer", "baking paper", "spatula", "potato peeler", "skewers", "cling film", "ladle",
)  # fmt: skip

DOMAIN = Domain(
    name="recipe",
    tasks=(
        "Extract the recipe.",
        "Turn this recipe into data.",
        "Which ingredients does it take?",
        "Read the recipe.",
        "Recipe card, please.",
    ),
    fields={
        "title": f("title name recipe_name dish", _TITLE, "name of the dish"),
        "author": f("author chef by created_by cook", PERSON, "whose recipe it is"),
        "origin": f(
            "country origin country_of_origin from_country", COUNTRY, "country from which the dish comes"
        ),
        "servings": f("servings serves portions yield people", integer(2, 12), "for how many people"),
        "prep_minutes": f(
            "prep_minutes preparation_time prep_time preparation_minutes",
            integer(5, 90),
            "minutes of preparation",
        ),
        "cook_minutes": f(
            "cook_minutes cooking_time cook_time baking_time", integer(5, 240), "minutes of cooking or baking"
        ),
        "oven": f(
            "oven_temperature temperature oven_temp degrees",
            integer(120, 250, words=0),
            "temperature of the oven in degrees Celsius",
        ),
        "difficulty": f(
            "difficulty level skill_level how_hard",
            choice(
                easy="easy|very simple|a beginner's recipe|foolproof|child's play",
                medium="medium|moderately difficult|of average difficulty|takes some practice",
                hard="difficult|for experienced cooks|quite a challenge|demanding|only for experts",
            ),
            "how hard it is",
        ),
        "course": f(
            "course meal_course category dish_type",
            choice(
                starter="starter|appetizer|first course",
                main="main course|main dish|main",
                dessert="dessert|sweet course|pudding course",
                snack="snack|nibble|finger food",
                side="side dish|side|accompaniment",
                breakfast="breakfast dish|breakfast|morning meal",
            ),
            "place in the meal",
        ),
        "ingredients": rows(
            "ingredients ingredient_list you_need components",
            [
                "{amount} {unit} {item}",
                "{amount} {unit} of {item}",
                "{item}: {amount} {unit}",
                "{item} - {amount} {unit}",
                "{item} ({amount} {unit})",
                "{item}, {amount} {unit}",
                "{item} {amount} {unit}",
                "{item} | {amount} | {unit}",
            ],
            count=(1, 7),
            joins="newline bullet newline semicolon comma",
            amount=f("amount quantity qty", number(1, 500, 0), "how much, in the unit"),
            unit=f("unit measure uom", _UNIT, "unit of measurement"),
            item=f("name ingredient item what", _INGREDIENT, "the ingredient"),
        ),
        "steps": values(
            "steps instructions method directions preparation",
            _STEP,
            (2, 5),
            "number newline bullet semicolon",
        ),
        "tools": values("tools equipment utensils", _TOOL, (1, 4), "comma and semicolon"),
        "vegetarian": f(
            "vegetarian is_vegetarian meat_free",
            flag("vegetarian|contains no meat|meat-free", "not vegetarian|contains meat|not for vegetarians"),
            "whether it is without meat",
        ),
        "kcal": f(
            "calories kcal calories_per_serving energy", integer(80, 1100, words=0), "kcal per portion"
        ),
        "source": f("source url link source_url", URL, "page where it was found"),
    },
    templates=(
        "{title}\n[[by {author}\n]]\n<<Serves|Servings:|Portions:>> {servings}\n[[Prep: {prep_minutes} min\n]][[Cooking: {cook_minutes} min\n]]\n<<Ingredients|You need|What you need>>:\n{ingredients}\n\n<<Method|Steps|Instructions>>:\n{steps}",
        "For {servings} people <<take|you will need>>:\n{ingredients}\n\nThen:\n{steps}\n\n<<Level|Difficulty>>: {difficulty}.[[ Oven at {oven} °C.]]",
        "Dear <<aunt|neighbour|friend>>,\n\nyou asked for my {title}. It comes from {origin} and is {difficulty}. <<You need|Buy>>:\n{ingredients}\n\nIt bakes for {cook_minutes} minutes at {oven} degrees. [[Have these at hand: {tools}. ]]My cat sends greetings.\n\nLove,\n{author}",
        "ok here goes, {title}:\n{ingredients}\nthen\n{steps}\n<<done|that's it|voilà>>, feeds {servings}[[, ~{kcal} kcal each]]",
        "# {title}\n\n- course: {course}\n- difficulty: {difficulty}\n- prep_time: {prep_minutes} minutes\n- oven: {oven} C\n- diet: {vegetarian}\n\n## Ingredients\n{ingredients}",
        "| Dish | Course | Serves | Prep (min) | Cook (min) | kcal |\n|---|---|---|---|---|---|\n| {title} | {course} | {servings} | {prep_minutes} | {cook_minutes} | {kcal} |",
        "{author}'s {title} has been <<copied|cooked>> a thousand times since the book came out. The dish from {origin} takes {prep_minutes} minutes to prepare and {cook_minutes} minutes in the oven at {oven} °C. A portion has {kcal} kcal. Critics call it {difficulty}.[[ It is {vegetarian}.]]",
        "Found at {source}: {title}, {difficulty}, {vegetarian}, <<enough for|for>> {servings}. Tools: {tools}.",
        "shopping for the {course} tonight:\n{ingredients}\n[[and we still have no {tools}... ]]recipe is here {source}",
        "{steps}\n\n(preparation {prep_minutes} min, oven {oven} °C, equipment: {tools})",
        "Subject: Recipe of the month\n\nHello <<food lovers|everyone>>,\n\nthis month {author} shows us a {course} from {origin}: {title}.\n\n{ingredients}\n\n{steps}\n\nIt is {vegetarian} and {difficulty}. The full video lasts a bit and is at {source}.\n\nYour kitchen team",
        "RECIPE CARD\nName: {title}\nOrigin: {origin}\nPortions: {servings}\nEnergy: {kcal} kcal per portion\nEquipment: {tools}\nVegetarian? {vegetarian}\nDirections:\n{steps}",
        "A {course} for {servings}, {difficulty}: {title}. Take {ingredients}. Baking time {cook_minutes} minutes.",
        "<<Preheat|Heat>> the oven to {oven} °C. Ingredients for {servings} servings:\n{ingredients}\n<<Work time|Preparation>> {prep_minutes} minutes, then {cook_minutes} minutes of cooking. Recipe: {author}",
        "{title} ({course})\n\nServes {servings}. Preparation {prep_minutes} minutes, cooking {cook_minutes} minutes.\n\nIngredients:\n{ingredients}\n\nSteps:\n{steps}[[\n\nDifficulty: {difficulty}]][[\nPer portion: {kcal} kcal]]",
        "My <<favourite|go-to>> {course} is {title} from {origin}. For {servings} people you need:\n{ingredients}\n{steps}\nBake at {oven} °C. It is {difficulty}[[ and {vegetarian}]].[[ Source: {source}]]",
    ),
)
