"""News items: who did what, where and when, from agency notes to feature prose."""

from ..domain import Domain, f, g, values
from ..values import (
    CITY,
    COMPANY,
    COUNTRY,
    PERSON,
    URL,
    choice,
    date,
    flag,
    integer,
    money,
    options,
    text,
    time,
)

_ROLES = options(
    "mayor", "minister", "spokesperson", "chief executive", "coach", "professor", "police chief", "ambassador", "union leader", "head teacher", "judge",
    "captain", "actress", "novelist", "farmer", "fire chief", "governor", "director", "chairwoman", "treasurer", "analyst", "striker", "engineer",
    "biologist", "pilot", "midwife", "activist", "archbishop", "curator", "conductor", "chef", "economist",
)  # fmt: skip
_PAPERS = text(
    lambda v: v.rng.choice(
        [
            "The {} Times",
            "{} Gazette",
            "Daily {}",
            "{} Post",
            "{} Herald",
            "Radio {}",
            "{} Tribune",
            "The {} Observer",
        ]
    ).format(v.word(1, 3).capitalize())
)
_SUBJ = """Council|Factory|Court|Museum|School|Harbour|Bakery|University|Airport|Hospital|Orchestra|Football club|Brewery|Zoo|Railway|Bank|Theatre|Village
Laboratory|Shipyard|Police|Fire brigade|Parliament|Start-up|Library""".replace("\n", "|").split("|")
_DOES = """opens|closes|rejects|approves|rebuilds|sells|plans|delays|finds|loses|celebrates|doubles|halts|repairs|presents|withdraws|launches|wins|bans""".split(
    "|"
)
_OBJ = """new bridge|budget|old painting|night shift|prize|swimming pool|wind farm|tax plan|rare fossil|tram line|stadium|data leak|strike|vaccine
lost manuscript|merger|housing project|cycle path|record|satellite|flood wall|festival|merger talks|archive|playground""".replace(
    "\n", "|"
).split("|")
_HEADLINE = text(
    lambda v: (
        f"{v.pick(_SUBJ)} {'' if v.chance(0.7) else 'in ' + v.word(1, 2).capitalize() + ' '}{v.pick(_DOES)} {v.pick(_OBJ)}"
        + (
            f" after {v.pick(['years', 'protest', 'storm', 'vote', 'long dispute', 'accident'])}"
            if v.chance(0.35)
            else ""
        )
    )
)
_TAG = options(
    "climate", "elections", "housing", "transport", "schools", "budget", "football", "tennis", "science", "space", "medicine", "strike", "trade", "police",
    "courts", "culture", "film", "music", "food", "energy", "farming", "migration", "weather", "tourism", "security", "banks", "startups", "privacy",
    "animals", "heritage", "taxes", "wages",
)  # fmt: skip

DOMAIN = Domain(
    name="news_item",
    tasks=(
        "Extract the news item.",
        "Who, where, when, what?",
        "Read this news report.",
        "Metadata of the article, please.",
    ),
    fields={
        "headline": f("headline title heading article_title", _HEADLINE, "title of the item"),
        "topic": f(
            "topic section category subject desk",
            choice(
                politics="politics|government affairs|parliament and parties|political news",
                economy="business|economy|markets and companies|finance",
                sports="sports|sport|the games pages|athletics and football",
                science="science|research|discoveries from the lab",
                culture="culture|arts and stage|books, film and music",
                crime="crime|police and courts|offences and trials",
                health="health|medicine|hospitals and patients",
                environment="environment|climate and nature|ecology",
            ),
            "section to which it belongs",
        ),
        "day": f("date publication_date published published_on", date(), "day of publication"),
        "event_day": f("event_date happened_on date_of_event", date(), "day on which it happened"),
        "at": f("time time_of_event happened_at", time(), "time of day at which it happened"),
        "city": f("city place where location town", CITY, "where it happened"),
        "country": f("country nation", COUNTRY),
        "outlet": f("outlet newspaper source medium publisher", _PAPERS, "who published it"),
        "author": f("author reporter byline journalist written_by", PERSON, "who wrote it"),
        "person": g(
            "person main_person key_figure protagonist",
            name=f("name full_name", PERSON, "whom the item is about"),
            role=f("role job position function", _ROLES, "what the person does"),
            age=f("age years_old", integer(18, 94, words=0)),
        ),
        "company": f("company organisation organization firm", COMPANY, "company that is involved"),
        "injured": f("injured number_injured casualties_injured", integer(2, 60), "how many were hurt"),
        "damage": f("damage_cost damage cost_of_damage loss", money(1000, 9000), "amount of the damage"),
        "tone": f(
            "sentiment tone mood",
            choice(
                positive="good news|cheerful|a reason to celebrate|hopeful",
                neutral="neutral|matter-of-fact|neither good nor bad",
                negative="bad news|gloomy|a sad story|alarming",
            ),
            "mood of the item",
        ),
        "verified": f(
            "verified confirmed is_confirmed",
            flag(
                "confirmed by two sources|officially confirmed|verified",
                "not yet confirmed|unverified|so far only a rumour",
            ),
            "whether it is confirmed",
        ),
        "tags": values("tags keywords labels", _TAG, (1, 5), "comma and semicolon"),
        "link": f("url link web_address", URL),
    },
    templates=(
        "{headline}\n\n<<By|by|Text:>> {author}\n{city}, {day}\n\n{person.name}, {person.role}, <<told reporters|said|announced>> that <<talks will go on|nothing has been decided|there is no way back>>.[[ {company} declined to comment.]]",
        "{city} ({outlet}) - On {event_day}[[ at {at}]], {injured} people were hurt in an accident at a plant of {company}. The damage is put at {damage}. {person.name} ({person.age}), {person.role}, <<thanked|praised>> the rescuers. The report is {verified}.",
        "HEADLINE: {headline}\nSECTION: {topic}\nAUTHOR: {author}\nPUBLISHED: {day}\nOUTLET: {outlet}\nTAGS: {tags}[[\nURL: {link}]]",
        'did you see this? "{headline}" in {outlet}, {topic} section, <<by|from>> {author}. {verified} lol. {link}',
        'Dear editors,\n\n<<with interest|with surprise>> I read "{headline}" in your issue of {day}. Your author {author} writes that {person.name} is {person.age} years old. As a neighbour for 30 winters I know better. The <<story|fire|meeting>> in {city} was on {event_day}.\n\n<<Yours|With regards>>\nA loyal reader',
        "| Date | Outlet | Headline | Section | Author |\n|---|---|---|---|---|\n| {day} | {outlet} | {headline} | {topic} | {author} |",
        "- who: {person.name} ({person.role})\n- where: {city}, {country}\n- when: {event_day}, {at}\n- topic: {topic}\n- mood: {tone}",
        "{country}: {headline}. Involved: {company}. Status: {verified}. Keywords: {tags}.",
        "+++ {at} +++ {city} +++ {headline} +++ {injured} injured +++ {verified} +++",
        "<<Morning|Weekly>> briefing from {outlet}\n\n1) {headline} ({topic}, {tone})\nDetails: {link}\n\nThe crossword is on the back page. Subscribers save ten percent.",
        "For years nobody in {city} had heard of {person.name}. Then, on {event_day}, the {person.age}-year-old {person.role} walked into the offices of {company} with a cardboard box. What happened next has been called {tone}.[[ {outlet} was the first to report it.]]",
        "Agency note {day}, {country}. {company}: {headline}. Loss estimated at {damage}. Contact for the press: {person.name}, {person.role}.",
        "archive entry / {outlet} / {day} / {author} / {headline} / {tags}",
        "quick summary for the boss: {headline}. It's about {company} and {person.name}, their {person.role}. Happened in {city}. Tone: {tone}. Section: {topic}. Not sure about page numbers.",
        "{headline}\n\n{outlet}, {day}\nSection: {topic}\nBy {author}\n\nIn {city}, {person.role} {person.name} <<spoke|appeared>> before the press on {event_day}.[[ The information is {verified}.]][[ Tags: {tags}]]",
        "{city}, {country}. {person.name}, <<the|a>> {person.role} aged {person.age}, has signed an agreement with {company}. It happened on {event_day}, <<reports|writes>> {author} in {outlet}. [[The article was filed under: {topic}. ]]<<Read more|Full story>>: {link}",
    ),
)
