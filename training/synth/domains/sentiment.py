"""Short opinions on anything: what about, how felt, how strongly."""

from ..domain import Domain, f
from ..values import CITY, COMPANY, PERSON, Form, Kind, Surface, Values, choice, date, options, text

_SAID = {
    (
        "positive",
        "strong",
    ): """Absolutely love it, best thing in years.|I could not be happier with this!|Wow. Just wow, what a joy.|Hands down the best decision we made this year.
I'm over the moon about it.|This blew me away in the best sense.|Simply outstanding from start to finish.|I have never been so pleased with anything.|Ten out of ten, would do it again tomorrow.
Pure bliss, I keep telling everyone about it.|I adore every bit of it!|A triumph, nothing less.|Fantastic!!! Exactly what I had dreamed of.|It made my whole year.|Unbelievably good, hats off.""",
    (
        "positive",
        "moderate",
    ): """I'm really glad we have it.|It does what it should, and does it well.|A very pleasant surprise.|It has made my days easier.|Good work, I'm satisfied.|I would gladly go for it again.
Nice job, much better than what we had before.|It won me over after a while.|We had a good time with it.|I like how it turned out.|Well thought out and a pleasure to deal with.|It keeps its promises.
I came in doubting and left smiling.|My kids enjoy it and so do I.|That was worth the wait.""",
    (
        "positive",
        "weak",
    ): """Not bad at all, actually.|I rather like it.|It's growing on me.|Better than I feared.|Decent, I'd say, with a slight smile.|A bit nicer than expected.|I could get used to this.
On the whole a small step forward.|Fairly pleasant, if you ask me.|Can't really complain.|It's quite okay, leaning towards good.|All in all I'm mildly pleased.""",
    (
        "negative",
        "strong",
    ): """I hate it with all my heart.|An utter disgrace.|Worst experience of my life!|This makes me so angry I could scream.|A complete and total disaster.|Never, ever again.
I'm furious about it.|Absolutely dreadful in every way.|What an outrageous waste of money and nerves.|It ruined our whole week.|Horrible!!! Stay away from it!|I am appalled, there is no other word.
Nothing about it works and nobody cares, it's infuriating.|I was in tears over how bad it was.|The most miserable thing I've ever paid for.""",
    (
        "negative",
        "moderate",
    ): """I'm disappointed, I had hoped for more.|It does not do what was promised.|We regret going for it.|It keeps letting me down.|A poor effort.|I would not do it again.|That was a waste of an afternoon.
It has made things harder for us.|The longer it goes on the less I like it.|Badly planned and sloppily done.|I can't recommend it to anybody.|I expected better and I'm unhappy about it.
It gives me more trouble than it's worth.|We were let down once more.|Sorry, but this isn't good enough.""",
    (
        "negative",
        "weak",
    ): """Meh, I could do without it.|It's a little underwhelming.|Slightly annoying, to be honest.|I'm not too keen on it.|Not quite my cup of tea.|It could be a bit better.|A small letdown.
I've seen nicer ones.|It's somewhat irritating at times.|Not terrible, but I wouldn't miss it.|Just a tad disappointing.|I'm a bit sceptical, I must say.""",
    (
        "neutral",
        "weak",
    ): """It exists, that's all I can say.|I have no opinion on it.|No strong feelings either way.|It's neither good nor bad.|It was open from nine to five, as announced.|I read about it in the paper.
They changed it in spring, I was told.|Does anybody know when it starts?|I have not made up my mind yet.|It is what it is.|Average, nothing to add.|It's about as I expected, no more and no less.
I tried it once and moved on.|Somebody asked me about it yesterday, I just passed on the facts.|It comes in two sizes.|It makes no difference to me.|I don't mind one way or the other.|Indifferent, really.
It was mentioned at the meeting, under item four.|I use it now and then, like everybody.|We will see next month.|It is located next to the station.|I took note of it.|They say it will stay as it is.
I'm only passing on what was posted on the board.|Here are the plain facts, judge for yourself.|It's standard stuff.|So-so, middling, like most of them.|I can neither praise nor blame it.|It leaves me cold, in neither a good nor a bad way.
It took the usual time.|I counted the pages and noted the number.""",
    (
        "mixed",
        "moderate",
    ): """I love the idea but the execution is poor.|Half of it is great, the other half is awful.|Some days it delights me, on others it drives me mad.|Beautiful, yes, yet far too complicated.
A good start, a terrible ending.|There's a lot to like and just as much to dislike.|It's clever and fun, but it breaks all the time.|Great people, dreadful organisation.|I'm torn: pretty, but useless.
Pros and cons keep each other in balance here.|The first week was wonderful, the second a nightmare.|It saves me time and costs me nerves.|My wife is thrilled, I am not at all.|Very useful, sadly also very ugly.
I enjoyed parts of it and yawned through the rest.|Well made but shamefully overpriced.|It helps a lot, though it is a pain to set up.|Kind staff; miserable waiting times.|On one hand brilliant, on the other hand unbearable.
A love-hate thing for me.|Fast, yes, but also full of mistakes.|Good intentions, bad results.|I praise the courage and deplore the outcome.|Charming in places and embarrassing in others.|It solved one problem and made another.
I'd keep the look and throw away the rest.|There were moments of joy and hours of frustration.|Strong on paper, weak in daily life, and still I like it somehow.|What it gives with one hand it takes with the other.|The good news: it works. The bad news: only on Mondays.""",
}
_PHRASES = {label: [p.strip() for p in said.replace("\n", "|").split("|")] for label, said in _SAID.items()}
_LABELS = ("positive", "negative", "neutral", "mixed")
_TURNS = (
    " But then: ",
    " On the other hand: ",
    " And yet: ",
    " Still: ",
    " That's one side. The other: ",
    " However: ",
)
_said: list[str] = []


def _opinion(v: Values) -> Surface:
    label = v.rng.choice(_LABELS)
    strength = {"neutral": "weak", "mixed": "moderate"}.get(label) or v.rng.choice(
        ["strong", "moderate", "weak"]
    )
    _said[:] = [strength]
    if label == "mixed" and v.chance(0.35):
        sides = ["positive", "negative"]
        v.rng.shuffle(sides)
        shown = [v.pick(_PHRASES[side, "moderate"]) for side in sides]
        return Surface(label, v.rng.choice(_TURNS).join(shown))
    shown = v.pick(_PHRASES[label, strength])
    if label != "mixed" and v.chance(0.3) and (more := v.pick(_PHRASES[label, strength])) != shown:
        shown += " " + more
    return Surface(label, shown)


def _strength(_v: Values) -> Surface:
    """How strong the opinion before it was; it adds nothing to the text."""
    return Surface(_said.pop() if _said else "moderate", "")


_SENTIMENT = Kind(_opinion, (Form({"enum": list(_LABELS), "type": "string"}),))
_INTENSITY = Kind(_strength, (Form({"enum": ["weak", "moderate", "strong"], "type": "string"}),))
_TOPICS = options(
    "the new bus line", "my phone contract", "the school menu", "this weather app", "the city marathon", "the office coffee", "the tax form",
    "her latest album", "the season finale", "the dentist's waiting room", "the park renovation", "their customer hotline", "the museum's audio guide",
    "this pillow", "the four-day week", "the group chat", "the hotel pool", "the train to the coast", "the update", "the referee", "electric scooters",
    "the wedding band", "online banking", "the town festival", "the recycling rules", "this novel", "the vacuum cleaner", "daylight saving time",
    "the gym on the corner", "our landlord's plan", "the self-checkout", "the pension reform", "the new logo", "the cooking class", "the bike lane",
    "remote lectures", "the vegan burger", "the parking app", "the choir concert", "the mayor's speech", "the ski trip", "that podcast", "pineapple pizza",
)  # fmt: skip
_USER = text(
    lambda v: v.rng.choice(["@{}", "{}_{}", "{}{}", "user {}", "{}"]).format(
        v.word(2, 3), v.rng.randint(1, 99)
    )
)

DOMAIN = Domain(
    name="sentiment",
    tasks=(
        "What is the sentiment?",
        "Classify the opinion.",
        "Sentiment and topic, please.",
        "How does the writer feel, and about what?",
        "Analyse this comment.",
    ),
    fields={
        "topic": f(
            "topic subject about target aspect", _TOPICS, "what the opinion is about|the thing that is judged"
        ),
        "sentiment": f(
            "sentiment polarity feeling attitude tone opinion",
            _SENTIMENT,
            "how the writer feels about the topic|overall attitude",
        ),
        "intensity": f(
            "intensity strength degree sentiment_strength", _INTENSITY, "how strongly the opinion is felt"
        ),
        "author": f("author user username posted_by name", _USER, "name of the account that wrote it"),
        "person": f("speaker person quoted_person who", PERSON, "the person whose opinion it is"),
        "place": f("place city location where", CITY, "where the opinion comes from"),
        "day": f("date day posted_on posted", date(), "day on which it was written"),
        "channel": f(
            "channel source medium platform",
            choice(
                email="by e-mail|in an e-mail|in a mail to the editors",
                social_media="on social media|in a post online|under a video",
                phone="on the phone|in a call to the hotline|during a telephone survey",
                letter="in a handwritten letter|by letter|on a postcard",
                conversation="over lunch|in the corridor|while chatting at the bus stop",
            ),
            "how the opinion was voiced",
        ),
        "company": f("company brand organisation maker", COMPANY, "company that is addressed"),
    },
    templates=(
        "<<About|On|Re:|Regarding>> {topic}: {sentiment}{intensity}",
        "{author}: <<so, {topic}...|ok let's talk about {topic}.|{topic}, anyone?|my two cents on {topic}:>> {sentiment}{intensity}<<| #justsaying| sorry for typos>>",
        '{person} from {place} <<told us|said|wrote to us>> {channel} about {topic}: "{sentiment}"{intensity}',
        "[[Posted on {day}\n]]Topic: {topic}\n<<Comment|Opinion|Text>>: {sentiment}{intensity}\n[[User: {author}]]",
        "{day} | {author} | {topic} | {sentiment}{intensity}",
        "Dear {company} team,\n\nI am writing <<because of|about|with regard to>> {topic}. {sentiment}{intensity}\n\n<<Regards|Sincerely|Best wishes>>,\n{person}[[\n{place}]]",
        "<<You asked what I think of|What do I think of|My opinion on>> {topic}? {sentiment}{intensity} <<Anyway, how was your weekend?|By the way, the cat is fine.|>>[[ {person}]]",
        "- topic: {topic}\n- heard: {channel}\n- what was said: {sentiment}{intensity}\n[[- place: {place}\n]]- logged {day}",
        "Letter to the editor. {sentiment}{intensity} I am talking about {topic}, <<of course|naturally|needless to say>>.\n{person}, {place}",
        "lol {topic}<<!|...| again,| -->> {sentiment}{intensity}",
        "A: have you heard about {topic}?\nB: <<yes|yep|sure>>. {sentiment}{intensity}\nA: ok. Lunch at twelve?",
        'The reporter <<asked passers-by in|went to>> {place} to collect voices on {topic}. {person} answered {channel}: <<"{sentiment}"|"Well... {sentiment}">>{intensity} <<Then the rain began.|The next passer-by had no time.|>>',
        "Call note {day}: customer of {company} called about {topic}. Quote: {sentiment}{intensity} <<Call took four minutes.|Line was poor.|>>",
        'Comment 3 of 12[[ by {author}]] ({channel})\n"{sentiment}"{intensity}\n<<in reply to the article on|thread:>> {topic}',
        "{sentiment}{intensity} <<That's my view of|So much for|That is all on>> {topic}. <<- {author}|{author}|>>",
        '<<{person} on {topic}|{person} talks about {topic}>>: "{sentiment}"{intensity}[[ ({place}, {day})]]',
    ),
)
