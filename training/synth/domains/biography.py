"""Lives in short: birth, death, work, family, honours."""

import datetime as dt

from ..domain import Domain, f, g, rows, values
from ..values import (
    _DATE_STYLES,
    CITY,
    COUNTRY,
    PERSON,
    Form,
    Kind,
    Surface,
    Values,
    choice,
    flag,
    integer,
    options,
    text,
)

_year: list[int] = []
_DATE_FORMS = (
    *(Form({"type": "string", "format": "date"}),) * 5,
    Form({"type": "string", "description": "as YYYY-MM-DD"}),
)


def _day(v: Values, year: int) -> Surface:
    day = dt.date(year, 1, 1) + dt.timedelta(days=v.rng.randint(0, 364))
    return Surface(day.isoformat(), day.strftime(v.rng.choice(_DATE_STYLES)))


def _birth(v: Values) -> Surface:
    _year[:] = [v.rng.randint(1500, 1960)]
    return _day(v, _year[0])


def _death(v: Values) -> Surface:
    return _day(v, (_year.pop() if _year else v.rng.randint(1500, 1930)) + v.rng.randint(28, 64))


_NATIONS = options(
    "German", "French", "Spanish", "Italian", "Portuguese", "Polish", "Czech", "Dutch", "Swedish", "Finnish", "Danish", "Norwegian", "Turkish", "Greek",
    "Hungarian", "Romanian", "Ukrainian", "Russian", "Scottish", "Welsh", "Irish", "British", "Canadian", "Mexican", "Brazilian", "Chilean", "Peruvian",
    "Japanese", "Korean", "Chinese", "Vietnamese", "Thai", "Kenyan", "Nigerian", "Ghanaian", "Egyptian", "Moroccan", "Swiss", "Belgian", "Lebanese",
)  # fmt: skip
_LANGUAGES = options(
    "Latin", "Greek", "Hebrew", "Arabic", "Persian", "Sanskrit", "German", "French", "Spanish", "Italian", "Portuguese", "Polish", "Czech", "Dutch", "Swedish",
    "Finnish", "Danish", "Turkish", "Hungarian", "Romanian", "Russian", "Gaelic", "Welsh", "English", "Japanese", "Korean", "Mandarin", "Swahili", "Yiddish",
    "Basque", "Catalan", "Icelandic",
)  # fmt: skip
_PROFESSIONS = options(
    "painter", "poet", "physicist", "composer", "chemist", "botanist", "novelist", "sculptor", "mathematician", "violinist", "pilot", "surgeon", "judge",
    "politician", "photographer", "dancer", "philosopher", "geologist", "sailor", "navigator", "playwright", "singer", "conductor", "teacher",
    "weaver", "watchmaker", "film director", "journalist", "cartographer", "suffragette", "chess player", "biologist", "bookbinder", "nurse", "mountaineer",
)  # fmt: skip
_AWARDS = text(
    lambda v: v.rng.choice(
        [
            "{} Prize",
            "{} Medal",
            "Order of {}",
            "{} Award",
            "Grand Prix de {}",
            "Golden {}",
            "{} Fellowship",
            "{} Cross",
        ]
    ).format(v.word(1, 3).capitalize())
)
_TITLES = text(
    lambda v: v.rng.choice(
        [
            "The {a} {n}",
            "{n} of {w}",
            "On {n}s",
            "A {n} in {w}",
            "{w}",
            "The {n} and the {m}",
            "Songs from {w}",
        ]
    ).format(
        a=v.word(1, 2).capitalize()
        if v.chance(0.3)
        else v.rng.choice(
            ["Silent", "Blue", "Last", "Distant", "Broken", "Golden", "Slow", "Inner", "Red", "Cold"]
        ),
        n=v.rng.choice(
            [
                "River",
                "Garden",
                "Mirror",
                "Mountain",
                "Window",
                "Winter",
                "Letter",
                "Harbour",
                "Lantern",
                "Forest",
                "Bridge",
                "Machine",
            ]
        ),
        m=v.rng.choice(["Sea", "Moon", "Stone", "Clock", "Fox", "Well"]),
        w=v.word(2, 3).capitalize(),
    )
)
_UNI = text(
    lambda v: v.rng.choice(
        ["University of {}", "{} Academy", "{} College", "{} Conservatory", "{} Polytechnic", "School of {}"]
    ).format(
        v.name(
            [
                "Vienna",
                "Padua",
                "Leiden",
                "Uppsala",
                "Prague",
                "Oxford",
                "Bologna",
                "Kyoto",
                "Cairo",
                "Coimbra",
            ],
            0.5,
        )
    )
)

DOMAIN = Domain(
    name="biography",
    tasks=(
        "Extract the biography.",
        "Whose life is told here?",
        "Life data of this person.",
        "Read the biographical sketch.",
        "Biography as JSON.",
    ),
    fields={
        "name": f("name full_name person subject", PERSON, "whose life it is|full name"),
        "born": g(
            "born birth",
            date=f("date birth_date date_of_birth day", Kind(_birth, _DATE_FORMS), "day of birth"),
            place=f("place birthplace city place_of_birth", CITY, "town of birth"),
            country=f("country land", COUNTRY, "country of birth"),
        ),
        "died": g(
            "died death",
            date=f("date death_date date_of_death day", Kind(_death, _DATE_FORMS), "day of death"),
            place=f("place deathplace city place_of_death", CITY, "town of death"),
        ),
        "nationality": f("nationality citizenship nation", _NATIONS, "nationality, as an adjective"),
        "profession": f(
            "profession occupation known_as vocation", _PROFESSIONS, "what the person was by profession"
        ),
        "education": f("education alma_mater university studied_at", _UNI, "where the person studied"),
        "teacher": f("teacher mentor taught_by pupil_of", PERSON, "the person's teacher"),
        "spouse": f("spouse partner married_to husband_or_wife", PERSON, "whom the person married"),
        "children": f(
            "children number_of_children child_count offspring", integer(2, 9, words=0.6), "how many children"
        ),
        "works": rows(
            "works main_works publications creations",
            [
                "{title} ({year})",
                '"{title}" in {year}',
                "{year}: {title}",
                '"{title}" ({year})',
                '"{title}"',
                "{title}, {year}",
            ],
            count=(1, 4),
            joins="semicolon comma",
            title=f("title name work", _TITLES, "title of the work"),
            year=f("year published", integer(1520, 2010, grouped=False), "year of the work"),
        ),
        "awards": rows(
            "awards honours prizes distinctions",
            ["{award} ({year})", "the {award} in {year}", "{year} {award}", "{award}, {year}", "{award}"],
            count=(1, 3),
            joins="semicolon comma",
            award=f("award name prize", _AWARDS, "name of the honour"),
            year=f("year in_year", integer(1600, 2015, grouped=False), "year of the honour"),
        ),
        "languages": values("languages spoken_languages", _LANGUAGES, (1, 3)),
        "field": f(
            "field area domain sphere",
            choice(
                science="in the laboratory and in learned journals|in the sciences|as a scientist",
                arts="on canvas, on stage and in verse|in the arts|as an artist",
                politics="in parliament and in government|in politics|as a public figure in government",
                sport="on the playing field|in competitive sport|as a champion in the stadium",
                business="in trade and industry|in business|as the head of a trading house",
            ),
            "in which sphere the person became known",
        ),
        "left_handed": f(
            "left_handed is_left_handed lefty",
            flag(
                "left-handed|a born left-hander|one who wrote with the left hand",
                "right-handed|not left-handed|one who wrote with the right hand",
            ),
            "whether the person is or was left-handed",
        ),
    },
    templates=(
        "{name} (<<born|b.>> {born.date} in {born.place}<<; died|; d.>> {died.date} in {died.place}) was a {nationality} {profession}. [[{name} studied at {education}. ]]<<Main works|Best known works>>: {works}.",
        "Born in {born.place}, {born.country}, on {born.date}, {name} <<became known|made a name>> {field}. [[After years at {education}, the young {profession} married {spouse}; they had {children} children. ]]<<Among the honours were|Honours>>: {awards}.",
        "NAME: {name}\nBORN: {born.date}, {born.place}\n[[DIED: {died.date}, {died.place}\n]]NATIONALITY: {nationality}\nPROFESSION: {profession}\n[[SPOUSE: {spouse}\n]]WORKS:\n{works}",
        "{name} | {profession} | {nationality} | {born.date} | {born.place}[[ | {died.date}]]",
        "did you know? {name}, the {nationality} {profession}, had {children} kids and was married to {spouse}. <<learned everything from {teacher}|taught by none other than {teacher}>>. [[won {awards}]]",
        "Dear Editors,\n\n<<your article about {name} contains an error|allow me to correct your piece on {name}>>. The {profession} was born on {born.date}, and in {born.place}, not by the sea as you write. [[The teacher's name was {teacher}. ]]Death came on {died.date} in {died.place}.\n\nYours,\nA faithful reader of forty years",
        "* {name}\n* {nationality} {profession}\n* attended {education}\n* pupil of {teacher}\n* active {field}\n* awards: {awards}\n* {left_handed}",
        "{born.date}: birth in {born.place}\nstudies at {education}\nmarriage to {spouse}\n{children} children\n{works}\n[[{died.date}: death in {died.place}\n]]\n(all of this is the life of {name})",
        "<<On the wall of a quiet museum hangs a portrait of|A street and a small crater on the moon are named after>> {name}, {profession}. <<Few visitors know|It is seldom told>> that {name} spoke {languages} and had studied with {teacher} at {education}. Fame came {field}. [[The prizes: {awards}.]]",
        "Q: Who wrote or made the following? {works}\nA: {name}, {nationality} {profession}, born in {born.country}[[, who was {left_handed}]].\nQ: And the family?\nA: Married to {spouse}, {children} children.",
        "{name} came from {born.country} and was {left_handed}. [[The {profession} counts as the best pupil of {teacher}. ]]<<Languages|Languages spoken>>: {languages}. <<Honoured with|Distinctions>>: {awards}.",
        "Obituary\n\n{name}, {profession}, died on {died.date} in {died.place}. The family, {spouse} and {children} children, thank everybody for the many letters. Born on {born.date} in {born.country}, {name} worked {field} until the end. Instead of flowers please give to the music school.",
        "name={name}; born={born.date}; birthplace={born.place}; country={born.country}; profession={profession}; alma_mater={education}; spouse={spouse}",
        "Lexicon, vol. 4, p. 212. {name}, {nationality} {profession}. Studied at {education}, taught by {teacher}. Works: {works}. Awards: {awards}.",
        "{name} was a {nationality} {profession} who was born on {born.date} in {born.place}, {born.country}, and died on {died.date} in {died.place}. <<{name} studied at {education}|{name} was educated at {education}>> and was married to {spouse}.[[ The couple had {children} children.]]",
        "Name: {name}\nProfession: {profession}\nNationality: {nationality}\nBorn: {born.date} in {born.place}\nDied: {died.date} in {died.place}\nEducation: {education}\n[[Spouse: {spouse}\n]]Awards: {awards}",
    ),
)
