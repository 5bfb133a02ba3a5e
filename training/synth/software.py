"""Kinds of values for the domains about software: identifiers, versions, paths, made-up phrases."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from .domain import Field, Group, Rows, f
from .values import (
    ADJECTIVES,
    FIRST_NAME,
    FIRST_NAMES,
    LAST_NAMES,
    WORDS,
    Form,
    Kind,
    Surface,
    Values,
    ascii_only,
    flag,
    integer,
    text,
)

VERBS = """get set load save parse render compute build fetch send check validate update delete create find count merge
split filter sort convert encode decode read write open close start stop resolve format print apply register sync
upload download normalize group map reduce is_valid has can_use to_json from_bytes handle on_change retry connect
schedule cancel estimate rotate clip blend crawl archive restore""".split()
NOUNS = """user order invoice index name value count path file token key cache item items result buffer offset limit
width height price total amount message event handler request response session config options query row column table
page node edge graph weight score label image frame pixel color point vector matrix date timestamp timeout retries
address email password account batch queue worker job task record schema field payload header body status code language
locale currency channel client server host port url target source destination prefix suffix""".split()
SUFFIXES = """Service Manager Handler Client Repository Factory Controller View Model Error Config Parser Builder Adapter
Report Event Record Item Entry Node Result Request Response Store Worker Job Session Policy Profile Account""".split()
ROLES = """admin guest editor viewer operator manager tester owner new-user customer""".split()
PLACES = """settings page|dashboard|login screen|checkout|search page|report view|mobile app|sidebar|profile page|export dialog|
import wizard|calendar view|admin console|start page|user list|shopping cart|print preview|map view|file browser|chat window|
billing page|help center|setup assistant|notification panel|toolbar|status bar|file menu|context menu""".replace(
    "\n", ""
).split("|")


def stem(v: Values, invented: float = 0.3) -> str:
    """A lower-case word without accents."""
    word = ascii_only(v.word(1, 3)).lower() if v.chance(invented) else v.pick(WORDS)
    return word if len(word) > 1 else "x" + word


def parts(v: Values, low: int = 1, high: int = 3) -> list[str]:
    """The words of an identifier of a thing."""
    return [v.pick(NOUNS) if v.chance(0.5) else stem(v) for _ in range(v.rng.randint(low, high))]


def action(v: Values) -> list[str]:
    """The words of an identifier of an action."""
    return [*v.pick(VERBS).split("_"), *parts(v, 0, 2)] if v.chance(0.85) else parts(v, 1, 2)


def snake(words: Sequence[str]) -> str:
    return "_".join(words)


def camel(words: Sequence[str]) -> str:
    return words[0] + "".join(w.capitalize() for w in words[1:])


def pascal(words: Sequence[str]) -> str:
    return "".join(w.capitalize() for w in words)


def class_name(v: Values) -> str:
    name = pascal(parts(v, 1, 2))
    return name + v.pick(SUFFIXES) if v.chance(0.5) else name


def made(*patterns: str, **lists: str) -> Kind:
    """Text after a pattern with {w} a word, {a} an adjective, {x} an invented word, {n} a number, {place} a part of a
    program, {first} and {last} of names, {snake} and {Pascal} identifiers, and those of `lists` (entries separated by ``|``).
    """
    entries = {key: [e.strip() for e in listed.split("|")] for key, listed in lists.items()}

    def one(key: str, v: Values) -> str:
        if key in entries:
            return v.pick(entries[key])
        return {
            "w": lambda: v.pick(WORDS),
            "a": lambda: v.pick(ADJECTIVES),
            "x": lambda: v.word(2, 3),
            "X": lambda: v.word(1, 3).capitalize(),
            "n": lambda: str(v.rng.randint(2, 99)),
            "place": lambda: v.pick(PLACES),
            "role": lambda: v.pick(ROLES),
            "first": lambda: v.name(FIRST_NAMES, 0.4),
            "last": lambda: v.name(LAST_NAMES),
            "snake": lambda: snake(parts(v)),
            "camel": lambda: camel(parts(v, 2, 3)),
            "Pascal": lambda: class_name(v),
            "action": lambda: snake(action(v)),
        }[key]()

    def draw(v: Values) -> str:
        pattern = v.rng.choice(patterns)
        return re.sub(r"\{(\w+)\}", lambda m: one(m[1], v), pattern)

    return text(draw)


def _semver(v: Values) -> str:
    rng = v.rng
    style = rng.choice(
        ["{}.{}.{}"] * 6 + ["{}.{}"] * 2 + ["{}.{}.{}-rc.{}", "{}.{}.{}-beta{}", "{}.{}.{}.{}", "{}.{}b{}"]
    )
    return style.format(rng.randint(0, 24), rng.randint(0, 30), rng.randint(0, 40), rng.randint(1, 9))


def _file(v: Values, end: str = "") -> str:
    folders = [stem(v) if v.chance(0.5) else v.rng.choice(["src", "lib", "tests", "docs", "app", "core", "internal", "pkg", "ui"])
               for _ in range(v.rng.randint(0, 3))]  # fmt: skip
    name = v.rng.choice([snake, "-".join, camel, pascal])(parts(v, 1, 2))
    end = end or v.rng.choice(
        [
            "py",
            "ts",
            "tsx",
            "js",
            "go",
            "rs",
            "java",
            "c",
            "h",
            "cpp",
            "cs",
            "rb",
            "php",
            "md",
            "toml",
            "yaml",
            "json",
            "css",
            "html",
            "sql",
            "sh",
            "kt",
            "swift",
        ]
    )
    return "/".join([*folders, f"{name}.{end}"])


def _service(v: Values) -> str:
    words = [*parts(v, 1, 2)]
    if v.chance(0.4):
        words.append(
            v.rng.choice(["api", "service", "worker", "gateway", "db", "svc", "proxy", "queue", "frontend"])
        )
    return v.rng.choice(["-".join, "-".join, "-".join, "_".join, ".".join])(words)


def _hash(v: Values) -> str:
    return "".join(v.rng.choice("0123456789abcdef") for _ in range(v.rng.choice([7, 7, 8, 10, 40])))


def _host(v: Values) -> str:
    return v.rng.choice(
        ["{}-{:02d}", "{}{}", "{}-{:02d}.prod.internal", "{}{:03d}.eu", "ip-10-0-{1}-{1}.{0}"]
    ).format(stem(v), v.rng.randint(1, 40))


def _handle(v: Values) -> str:
    first, last = (
        re.sub("[^a-z]", "", ascii_only(v.name(names)).lower()) or stem(v)
        for names in (FIRST_NAMES, LAST_NAMES)
    )
    return v.rng.choice(
        [
            first,
            f"{first[0]}{last}",
            f"{first}.{last}",
            f"{first}{v.rng.randint(1, 99)}",
            f"{last}_{first[0]}",
        ]
    )


def _branch(v: Values) -> str:
    name = "-".join(parts(v, 1, 3))
    return v.rng.choice(
        [
            "main",
            "develop",
            name,
            "feature/" + name,
            "fix/" + name,
            "release/" + _semver(v),
            f"{v.pick(ROLES)}/{name}",
        ]
    )


SNAKE = text(lambda v: snake(parts(v)))
SNAKE_ACTION = text(lambda v: snake(action(v)))
CAMEL_ACTION = text(lambda v: camel(action(v)))
CLASS = text(class_name)
SEMVER = text(_semver)
FILE = text(_file)
PYTHON_FILE = text(lambda v: _file(v, "py"))
SERVICE = text(_service)
HASH = text(_hash)
HOST = text(_host)
HANDLE = text(_handle)
BRANCH = text(_branch)
PRODUCT = made(
    "{X}",
    "{X} {X}",
    "{X} {w}",
    "{a} {w}",
    "{X} Pro",
    "{X}Desk",
    "{X}Pad {n}",
    "{X} Cloud",
    "{X} Mobile",
    "{X} Studio",
    "{X} CRM",
    "{X}Sync",
)
STEP = made(
    "Open the {place}", "Go to the {place}", "Click on {X}", 'Click the "{w}" button', "Log in as {role}", "Wait {n} seconds",
    "Select the {a} {w}", "Type {x} into the {w} field", "Restart the {w}", "Press Ctrl+{X}", "Scroll down to the {w}",
    "Upload a {w} file", "Set {snake} to {n}", "Run {action}", "Choose {w} from the {place}", "Unplug the {w}",
    "Clear the {w} cache", "Reload the {place}", "Create a {a} {w}", "Delete the {w}", "Drag the {w} onto the {w}",
    "Switch the language to {x}", "Sign out", "Turn off {X}", "Install {X} {n}", "Update the {w} driver",
)  # fmt: skip
TITLE = made(
    "{place} does not load", "{w} {symptom}", "{a} {w} {symptom}", "{X} {symptom}", "{place} {symptom}",
    "cannot {do} the {w}", "unable to {do} {a} {w}", "{w} missing in the {place}", "wrong {w} shown in the {place}",
    "error {n} when I {do} the {w}", "{w} {symptom} after {w} update", "{snake} {symptom}", "problem with the {w} of {X}",
    symptom="crashes|freezes|is blank|disappears|is very slow|keeps blinking|times out|shows twice|is cut off|stays grey|"
    "does not respond|vanishes at midnight|jumps to the top|is out of date|flickers|runs out of memory|loses its settings|"
    "cannot be opened|makes a strange noise|shows garbage|forgets its colour|never finishes|overheats|logs me out",
    do="open|save|print|delete|export|share|rename|find|install|activate|reset|connect|import|scan|pair|upload|edit|move",
)  # fmt: skip


def log_time() -> Kind:
    """A moment as logs write it; the answer is ISO 8601 without a zone."""

    def surface(v: Values) -> Surface:
        moment = dt.datetime(2004, 1, 1) + dt.timedelta(seconds=v.rng.randint(0, 30 * 365 * 86400))
        style = v.rng.choice(
            [
                "%Y-%m-%d %H:%M:%S",
                "%Y-%m-%dT%H:%M:%S",
                "%Y/%m/%d %H:%M:%S",
                "%d/%b/%Y:%H:%M:%S",
                "%d %b %Y %H:%M:%S",
            ]
        )
        return Surface(moment.isoformat(), moment.strftime(style))

    return Kind(surface, (Form({"type": "string", "format": "date-time"}),))


# --- source code ---------------------------------------------------------------------------------

_DOC = made(
    "{Verbs} the {w} of a {w}", "{Verbs} {a} {w} items", "{Verbs} all {w} entries in {snake}", "{Verbs} a {w} for the given {w}", "{Verbs} whether the {w} is {a}",
    "{Verbs} {w} data from {X}", "{Verbs} at most {n} {w} records", "{Verbs} the {w}", "{Verbs} the {a} {w} by its {w}",
    Verbs="Return|Returns|Compute|Computes|Check|Checks|Load|Loads|Convert|Converts|Send|Sends|Remove|Removes|Find|Finds|Parse|Parses|Build|Builds|Count|Counts|"
    "Update|Updates|Merge|Merges|Write|Writes|Render|Renders|Validate|Validates|Estimate|Estimates",
)  # fmt: skip


def _doc(v: Values) -> str:
    return str(_DOC.draw(v).json) + ("." if v.chance(0.6) else "")


DOC = text(_doc)
PARAM = text(lambda v: v.rng.choice("abcnkxyzst") if v.chance(0.12) else snake(parts(v, 1, 2)))
CAMEL_PARAM = text(lambda v: v.rng.choice("abcnkxyzst") if v.chance(0.12) else camel(parts(v, 1, 2)))

_ENDS = {"python": "py", "typescript": "ts", "java": "java", "go": "go", "rust": "rs"}
CODE_LANGUAGES = ("python", "typescript", "javascript", "java", "go", "rust", "c", "ruby", "kotlin")


def types(listed: str, *generic: str) -> Kind:
    """A type of a language: from `listed` (separated by spaces), a made-up class, or a `generic` with {t} such a type."""
    plain = listed.split()

    def one(v: Values) -> str:
        return class_name(v) if v.chance(0.2) else v.pick(plain)

    def draw(v: Values) -> str:
        if generic and v.chance(0.3):
            return re.sub(r"\{t\}", lambda _: one(v), v.rng.choice(generic))
        return one(v)

    return text(draw)


def language(name: str) -> Kind:
    """The programming language, which the code itself shows: its text is empty."""
    title = {"typescript": "TypeScript", "javascript": "JavaScript"}.get(name, name.capitalize())
    return Kind(
        lambda v: Surface(name, ""),
        (Form({"enum": list(CODE_LANGUAGES), "type": "string"}),) * 3
        + (Form({"type": "string"}, lambda _: title),),
    )


def frames(*snippets: str, comment: str = "#") -> tuple[str, ...]:
    """Texts about a piece of code, with the slots {file}, {line}, {author}, {callers} and {deprecated} besides."""
    code_ = "{language}<<" + "|".join(snippets) + ">>"
    return tuple(
        frame.replace("CODE", code_).replace("#~", comment)
        for frame in (
            "CODE",
            "CODE",
            "#~ {file}\n\nCODE",
            "<<Here is the function|This is the code|Look at this|Consider>>:\n\nCODE",
            "#~ TODO({author}): <<tidy this up|split this|write tests>>\nCODE",
            "{file}:{line}\nCODE",
            "```\nCODE\n```",
            "<<Hi|Hey|Hello>> {author},\n\n<<can you review this|please have a look at this|do you mind if I use this>>?\n\nCODE\n\nIt is in {file}, line {line}[[, and has {callers} callers]]. <<Thanks|Cheers>>!",
            "#~ written by {author}\n#~ {deprecated}\nCODE",
            "In {file} <<there is|we have|I found>> this signature:\n\nCODE\n\n<<It is used|It is called>> in {callers} places.[[ Careful: it is {deprecated}.]]",
            "<<Question|Q>>: what does this do?\n\nCODE\n\n<<Answer|A>>: see the manual, chapter 7. It was written by {author}.",
            "Review comment on line {line} of {file} (by {author}): <<please rename|too long|nice>>!\nCODE",
            "API reference\n-------------\nCODE\n\nSource: {file}\nStatus: {deprecated}\nUsages: {callers}",
            "#~ unrelated: 17 helpers\n\n#~ the function in question, line {line}:\nCODE",
            "- file: {file}\n- line: {line}\n- owner: {author}\n- code: CODE",
            "CODE\n[[\n#~ defined in {file}]]",
            "<<The code below|This function>> is <<from|part of>> {file}:\n\nCODE\n[[\nIt has {callers} callers.]]",
        )
    )


def code_fields(
    name: Kind, parameters: Rows, returns: Kind, lang: str, **more: Field
) -> dict[str, Field | Group | Rows]:
    """The fields of a function in a programming language."""
    return {
        "name": f(
            "name function_name function method_name identifier",
            name,
            "name of the function|identifier after the keyword",
        ),
        "parameters": parameters,
        "returns": f(
            "return_type returns result_type output_type return_annotation", returns, "type of the result"
        ),
        **more,
        "doc": f("docstring doc description documentation summary", DOC, "what the documentation says"),
        "language": f("language lang programming_language", language(lang), "programming language"),
        "file": f(
            "file path filename source_file",
            text(lambda v: _file(v, _ENDS[lang])),
            "file that holds the function",
        ),
        "line": f("line line_number lineno", integer(13, 4000, words=0, grouped=False)),
        "author": f("author owner written_by", FIRST_NAME),
        "callers": f("callers usages call_count used_by", integer(2, 80), "how often it is called"),
        "deprecated": f(
            "deprecated is_deprecated",
            flag(
                "deprecated|obsolete|on its way out",
                "not deprecated|here to stay|part of the stable interface",
            ),
            "whether it should no longer be used",
        ),
    }
