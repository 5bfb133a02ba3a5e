"""Reviews of products and restaurants: rating, verdict, good and bad points."""

from ..domain import Domain, f, values
from ..values import CITY, COMPANY, Form, Kind, Surface, Values, code, date, integer, money, options, text

_SAID = {
    "positive": """I'm delighted from first to last.|Could not ask for more.|This exceeded all my hopes.|A real gem.|We will be back for more without a doubt.|Worth every penny.|We were smiling all the way home.
My new favourite, no question.|Everything was spot on.|So happy that we chose this.|Top marks from the whole family.|It put a smile on my face.|Honestly impressed.|Exactly what I was hoping for.|Lovely in every respect.
I can't stop raving about it.|You can't go wrong here.|Flawless, thank you!|What a treat.|Quality you can feel at once.|Great value and great fun.|It has won my heart.|Better than anything I tried before.
A very happy customer here.|Keep up the good work!|Superb, simply superb.|I'd choose it again in a heartbeat.|Nothing to complain about at all.|Made with love, and one notices.|First class.""",
    "negative": """I want my money back.|A bitter disappointment.|Never again.|Nothing but trouble.|I regret spending a single cent.|Awful from beginning to end.|This was a rip-off.|Not worth half the price.
I'm angry and I will complain.|What a letdown.|Worst purchase decision of the year.|I'm still fuming.|Nobody seemed to care about us at all.|Far below what the pictures promised.|Shameful.|It fell short in every way.
I felt cheated.|My patience is at an end.|It went straight downhill.|A sad experience overall.|Don't believe the good reviews.|We left frustrated.|I expected little and got even less.|They should be embarrassed.
Poor, really poor.|I wouldn't wish it on my enemies.|Total waste of time.|I have seldom been so annoyed.|It was a miserable affair.|Unacceptable.""",
    "neutral": """It's okay, nothing special.|Average in all respects.|Neither good nor bad.|It does the job, no more.|About what you'd expect.|Middle of the road.|I have no strong opinion on it.|Standard stuff, like everywhere else.
Can't praise it, can't fault it.|Fine, I suppose.|An ordinary choice.|You get what you pay for, nothing beyond.|It was all right, I've already half forgotten it.|Unremarkable.|I'd call it acceptable.|So-so.
It meets the usual standard.|Nothing stood out in either direction.|It was simply there, like a chair in a waiting room.|Not memorable, not terrible.|Does what it says.|Medium in everything.|Maybe I'll come back, maybe not.|It leaves no impression, good or bad.
Solid mediocrity.|As described, full stop.|I am indifferent.|Passable.|No surprises of any kind.|The kind of thing one takes note of and moves on.""",
    "mixed": """Great in parts, terrible in others.|I love one half of it and hate the other.|So much promise, so many flaws.|A wonderful idea, badly carried out.|I was charmed at first and annoyed in the end.|Some things brilliant, some things a disgrace.
It's a love-hate story.|Would be perfect, were it not for the glaring faults.|Hard to judge: very good and very bad at once.|The highs are high, the lows are painful.|My partner raved, I suffered.|Two thumbs: one up, one down.
Superb looks, dismal performance.|I'm torn, there's much to praise and much to blame.|Started great, ended badly.|The good points are really good, the bad ones really bad.|Half of me is thrilled, the other half wants a refund.
Beautiful but flawed.|It excels where I did not expect it and fails where it matters.|Full of light and full of shadow.|Delightful on some days, dreadful on others.|I can praise it and curse it in the same breath.
For each plus there's a minus.|Worth it for some things, infuriating for others.|There's real quality here, buried under real problems.|I enjoyed it a lot and still felt let down.|A heavenly beginning and a hellish finish.
Good heart, poor hands.|I liked it, I disliked it, in that order, several times.|Excellent and awful sit side by side here.""",
}
_PHRASES = {label: [p.strip() for p in said.replace("\n", "|").split("|")] for label, said in _SAID.items()}
_STARS = {"positive": (4, 5), "negative": (1, 2), "neutral": (3, 3), "mixed": (2, 4)}
_now = {"type": "product", "mood": "neutral"}
_used: list[str] = []  # the points of the present review


def _opinion(v: Values) -> Surface:
    label = v.rng.choice(list(_PHRASES))
    _now["mood"] = label
    _used.clear()
    if label == "mixed" and v.chance(0.3):
        return Surface(
            label,
            v.pick(_PHRASES["positive"])
            + v.rng.choice([" That said: ", " But also: ", " And then the other side: "])
            + v.pick(_PHRASES["negative"]),
        )
    shown = v.pick(_PHRASES[label])
    if label != "mixed" and v.chance(0.4) and (more := v.pick(_PHRASES[label])) != shown:
        shown += " " + more
    return Surface(label, shown)


def _rating(v: Values) -> Surface:
    n = v.rng.randint(*_STARS[_now["mood"]])
    word = ["one", "two", "three", "four", "five"][n - 1]
    stars = "star" if n == 1 else "stars"
    return Surface(
        n,
        v.rng.choice(
            [
                f"{n}/5",
                f"{n} out of 5",
                "★" * n + "☆" * (5 - n),
                f"{n} {stars}",
                f"{word} {stars}",
                f"{word} out of five",
            ]
        ),
    )


def _recommend(v: Values) -> Surface:
    value = {"positive": True, "negative": False}.get(_now["mood"], v.chance(0.5))
    said = (
        ["I'd recommend it to others", "recommended", "I would tell a friend to go for it"]
        if value
        else ["I would not recommend it", "not recommended", "I'd advise a friend against it"]
    )
    return Surface(value, v.rng.choice(said))


_POINTS = {
    (
        "product",
        "pro",
    ): "long battery life|sturdy case|easy assembly|low noise|crisp display|soft fabric|light weight|quick charging|clear manual|fair price|nice colour|good grip|fast delivery|precise buttons|compact size|strong motor|bright screen|washable cover|elegant look|recycled packaging|five-year warranty|rich sound|safe lid|comfortable straps|simple menus|steady stand|warm light|sharp blade|many adapters|energy saving",
    (
        "product",
        "con",
    ): "short cable|weak battery|cheap plastic|loud fan|confusing app|scratches easily|strong smell|missing screws|slow response|wobbly foot|poor manual|high price|tight fit|dim light|heavy lid|fiddly buttons|broken zip|faded colour|late delivery|no spare parts|leaking seal|thin fabric|blurry picture|hard to clean|rusty hinge|short warranty|sharp edges|needs an account|tiny font|overheats",
    (
        "restaurant",
        "pro",
    ): "fresh fish|friendly waiters|cosy lighting|generous portions|great wine list|fair prices|homemade bread|view of the river|quick service|vegan options|live music|clean tables|crispy fries|quiet courtyard|child-friendly menu|rich desserts|open kitchen|good coffee|free water|easy parking|seasonal menu|tender steak|charming host|wheelchair access|excellent soup|fluffy pancakes|spicy curry|large terrace|strong espresso|warm welcome",
    (
        "restaurant",
        "con",
    ): "cold soup|rude waiter|long wait|tiny portions|loud music|sticky tables|overcooked pasta|no parking|limited menu|salty sauce|expensive drinks|dirty toilets|draughty room|stale bread|wrong bill|uncomfortable chairs|no vegetarian dishes|slow kitchen|dry chicken|crowded room|cash only|burnt crust|smell of frying oil|bland rice|warm beer|cramped seats|watery coffee|lukewarm tea|tough meat|forgotten order",
}


def _point(side: str) -> Kind:
    def draw(v: Values) -> str:
        fresh = [p for p in _POINTS[_now["type"], side].split("|") if p not in _used]
        _used.append(v.pick(fresh))
        return _used[-1]

    return text(draw)


def _product(v: Values) -> str:
    _now["type"] = "product"
    kinds = [
        "kettle",
        "headphones",
        "backpack",
        "desk lamp",
        "drill",
        "running shoes",
        "blender",
        "tent",
        "keyboard",
        "pillow",
        "bike helmet",
        "toaster",
        "vacuum",
        "rain jacket",
        "camera",
        "electric toothbrush",
        "coffee machine",
        "office chair",
        "smart watch",
        "suitcase",
    ]
    return v.rng.choice(
        [
            f"{v.word(1, 2).capitalize()} {v.pick(kinds)}",
            f"{v.word(1, 2).capitalize()} {v.rng.choice('XZKRS')}{v.rng.randint(1, 900)}",
            f"{v.pick(kinds)} {v.word(1, 2).capitalize()}",
        ]
    )


def _restaurant(v: Values) -> str:
    _now["type"] = "restaurant"
    return f"{v.rng.choice(['Café', 'Trattoria', 'Bistro', 'Taverna', 'Chez', 'The', 'La', 'Zum', 'Brasserie', 'Casa'])} {v.word(1, 2).capitalize() if v.chance(0.6) else v.pick(['Sakura', 'Goldfish', 'Lemon', 'Anchor', 'Rosa', 'Olive', 'Lotus', 'Fig', 'Hirsch', 'Corner', 'Copper Pot', 'Vine'])}"


_USER = options(
    "Bookworm77",
    "hungry_henry",
    "mrs.miller",
    "the_critic",
    "kitchenqueen",
    "oldsailor",
    "DadOfThree",
    "zoe_k",
    "nightowl",
    "pixelpete",
    "grumpycat",
    "wanderlust",
    "soup_lover",
    "T. from next door",
    "cyclist9",
    "anna-lena",
    "foodie_fred",
    "noname",
    "gadgetgirl",
    "winterfan",
    "marathonman",
    "teacup",
    "rosebud",
    "j_dub",
    "captain_k",
    "minimalist",
    "homecook",
    "bargainhunter",
    "spacecadet",
    "quietguy",
)

DOMAIN = Domain(
    name="review",
    tasks=(
        "Extract the review.",
        "What does the reviewer think?",
        "Analyse this review.",
        "Rating, sentiment, good and bad points.",
        "Review as JSON.",
    ),
    fields={
        "product": f(
            "product item product_name reviewed_product", text(_product), "the product that is reviewed"
        ),
        "restaurant": f(
            "restaurant restaurant_name place venue", text(_restaurant), "the restaurant that is reviewed"
        ),
        "sentiment": f(
            "sentiment polarity overall verdict tone",
            Kind(_opinion, (Form({"enum": list(_PHRASES), "type": "string"}),)),
            "overall attitude of the review|how the reviewer feels",
        ),
        "rating": f(
            "rating stars score rating_out_of_5",
            Kind(
                _rating,
                (
                    Form({"type": "integer"}),
                    Form({"type": "integer", "minimum": 1, "maximum": 5}),
                    Form({"type": "number"}),
                ),
            ),
            "number of stars out of five",
        ),
        "pros": values("pros advantages positives strengths good_points", _point("pro"), (1, 4)),
        "cons": values("cons disadvantages negatives weaknesses complaints", _point("con"), (1, 3)),
        "recommend": f(
            "recommend recommended would_recommend",
            Kind(_recommend, (Form({"type": "boolean"}),)),
            "whether the reviewer recommends it",
        ),
        "reviewer": f("reviewer author user username", _USER, "name of the reviewer"),
        "day": f("date day review_date written_on", date(), "day of the review"),
        "brand": f("brand manufacturer maker company", COMPANY, "maker of the product"),
        "city": f("city town location", CITY, "where the restaurant is"),
        "price": f("price paid cost amount", money(5, 400), "what the reviewer paid"),
        "order": f(
            "order_number order_id purchase_id",
            code("#######", "@@-####", "ORD-####", "###-###-##"),
            "number of the order",
        ),
        "helpful": f(
            "helpful_votes helpful upvotes likes", integer(2, 300), "how many readers found it helpful"
        ),
    },
    templates=(
        "<<{product}|{restaurant}>> - {rating}\n{sentiment}\n+ {pros}\n- {cons}\n[[{helpful} people found this helpful\n]]<<by {reviewer}|{reviewer}, {day}|{day}>>",
        "{sentiment} <<We ate at {restaurant} in {city}|Dinner at {restaurant}, {city}|Lunch at {restaurant} in {city}>> <<for the second time|with six friends|on our anniversary>>. [[What we liked: {pros}. ]][[What we didn't: {cons}. ]]The bill was {price}.",
        "Product: {product}\n[[Brand: {brand}\n]]Stars: {rating}\nReview: {sentiment}\n[[Pros: {pros}\n]]Cons: {cons}\n[[Order: {order}]]",
        "Dear {brand} team,\n\n<<I bought your|last month I ordered the>> {product}[[ (order {order})]]. {sentiment}[[ I must name these points: {cons}.]][[ On the plus side: {pros}.]] I paid {price}.\n\n<<Regards|Yours>>,\n{reviewer}",
        "{rating} | <<{restaurant}|{product}>> | {reviewer} | {day} | {sentiment}",
        "ok so <<{product}|the {product}|{restaurant}>>... {sentiment} <<{rating} from me|my score: {rating}>>[[, {recommend}]]. <<bye|anyway, who has tickets for Saturday?|>>",
        'Review by {reviewer} on {day}:\n"{sentiment}"\nGood: {pros}\nBad: {cons}\nVerdict on {restaurant}: {recommend}',
        "<<I read twelve tests before I bought the|My old one broke, so I got the>> {product} <<by|from>> {brand} for {price}. {sentiment} <<Strong points|Highlights>>: {pros}. [[Weak points: {cons}. ]]In short: {recommend}.",
        "* where: {restaurant}, {city}\n* when: {day}\n* score: {rating}\n* liked: {pros}\n* disliked: {cons}\n* summary: {sentiment}",
        "We had a table by the door at {restaurant}. The evening in one sentence: {sentiment} [[{recommend}. ]]My aunt Bertha had the trout and my uncle the stew. <<Positive|Nice>>: {pros}. <<Negative|Not nice>>: {cons}.",
        "Re: your purchase {order}\n> How do you like {product}?\n{sentiment}\n> Anything good?\n{pros}\n> Anything bad?\n{cons}\n> Would you recommend it?\n{recommend}",
        "{reviewer} ({helpful} helpful votes) <<gave|awarded>> {rating} to <<{product} by {brand}|{restaurant} in {city}>>. {sentiment}",
        "Bought: {product}, {price}. Used: three weeks. {sentiment} Cons: {cons}. Pros: {pros}.",
        "{restaurant}, {city}: {sentiment} <<Two of us paid|We paid>> {price}. {rating}. {recommend}!",
        "<<{product}|{restaurant}>>\n{rating}\n\n{sentiment}\n\nPros: {pros}\nCons: {cons}\n\n{reviewer}, {day}",
        "<<Review of {product}|My review of {restaurant}|What I think of {product}>>: {sentiment} <<I liked|Good points>>: {pros}. <<I did not like|Bad points>>: {cons}. <<Rating|My rating>>: {rating}.",
    ),
)
