"""Classes described in words: name, base, attributes, methods."""

from ..domain import Domain, f, rows, values
from ..software import CLASS, PARAM, SNAKE_ACTION, made
from ..values import FIRST_NAME, choice, date, flag
from .function_request import WORDED

PURPOSE = made(
    "a {w} in the {w} shop",
    "the {a} {w} of a customer",
    "one {w} of a {w}",
    "a {w} with its {w}",
    "{w} records from {X}",
    "a {a} {w}",
    "the state of the {w}",
    "settings for the {place}",
)

DOMAIN = Domain(
    name="class_request",
    tasks=(
        "Extract the class to write.",
        "Which class is wanted?",
        "Describe the class as JSON.",
        "Read the request.",
        "Design the class.",
    ),
    fields={
        "name": f("name class_name class type_name", CLASS, "name of the class"),
        "base": f("base base_class parent superclass extends", CLASS, "the class it derives from"),
        "attributes": rows(
            "attributes fields properties members",
            [
                "{name} ({type})",
                "{name}, {type}",
                "{name} which is {type}",
                "{type} called {name}",
                "{type} named {name}",
                "{name}: {type}",
                "{name} - {type}",
            ],
            (1, 5),
            "newline bullet and semicolon",
            name=f("name attribute key", PARAM, "name of the attribute"),
            type=f("type data_type", WORDED, "its type, without article"),
        ),
        "methods": values("methods operations functions", SNAKE_ACTION, (1, 4), "comma and bullet"),
        "purpose": f("purpose description represents meaning", PURPOSE, "what an object stands for"),
        "language": f(
            "language programming_language lang",
            choice(
                python="Python|Python 3",
                typescript="TypeScript|TS",
                java="Java",
                csharp="C#|C sharp",
                kotlin="Kotlin",
                cpp="C++|C plus plus",
                ruby="Ruby",
                swift="Swift",
                php="PHP",
                scala="Scala",
            ),
        ),
        "immutable": f(
            "immutable is_immutable frozen readonly",
            flag(
                "immutable|read-only|never to change after creation",
                "mutable|changeable|open to modification",
            ),
            "whether objects cannot be changed",
        ),
        "abstract": f(
            "abstract is_abstract",
            flag(
                "abstract|not to be instantiated|only a base for others",
                "concrete|to be instantiated directly|not abstract",
            ),
            "whether it is abstract",
        ),
        "visibility": f(
            "visibility access scope",
            choice(
                public="public|exported|visible everywhere",
                private="private|hidden|visible in its file only",
                internal="internal|package-private|visible in its module only",
            ),
        ),
        "storage": f(
            "storage persistence stored_in",
            choice(
                database="in a database|in a SQL table",
                file="in a file|on disk",
                memory="in memory only|nowhere but in RAM",
                cache="in a cache|in Redis",
            ),
            "where objects are kept",
        ),
        "author": f("author requested_by owner", FIRST_NAME),
        "due": f("due deadline due_date", date(), "when it is needed"),
        "interfaces": values(
            "interfaces implements protocols",
            made("{X}able", "I{X}", "{Pascal}Protocol", "Comparable", "Serializable"),
            (1, 3),
            "comma and",
        ),
    },
    templates=(
        "<<Write|Create|Please write|I need>> a {language} class {name} <<with these attributes|with the fields|that has>>:\n{attributes}\n[[It should derive from {base}. ]][[Objects are {immutable}.]]",
        "class: {name}\nextends: {base}\nattributes:\n{attributes}\nmethods: {methods}\n[[language: {language}\n]][[implements: {interfaces}]]",
        "{name} <<represents|stands for|models>> {purpose}. It <<has|holds|contains>> {attributes}. It is {abstract}[[ and {immutable}]].[[ Its methods are {methods}.]]",
        "<<Hi|Hello>> {author},\n\n<<could you add|we need>> the class {name} by {due}? It is a subclass of {base}, {visibility}, and is kept {storage}. Fields: {attributes}.\n\n<<Thanks|Regards>>,\nthe 3 of us from the back end",
        "{author}: <<new class please|we need a class>>: {name}\nkim: base?\n{author}: {base}\nkim: fields?\n{author}:\n{attributes}\nkim: methods?\n{author}: {methods}",
        "- name: {name}\n- meaning: {purpose}\n- access: {visibility}\n- stored: {storage}\n- kind: {abstract}\n- state: {immutable}\n[[- operations: {methods}]]",
        "name | parent | language | methods\n{name} | {base} | {language} | {methods}",
        "The {language} class {name} inherits from {base} and implements {interfaces}. <<It is|The class is>> {visibility}; its objects live {storage}.[[ They describe {purpose}.]] Attributes are\n{attributes}",
        "Exercise 4: Model {purpose} as a class {name} in {language}. The attributes are {attributes}. <<Add the methods|Implement>> {methods}. Hand in by {due}. (8 points)",
        "<<Design note|ADR 17|Design decision>>: we introduce {name}, a class that is {abstract}. Parent is {base}. It is responsible for {purpose} and is saved {storage}. Members: {attributes}. Author: {author}.",
        "{attributes}\n\nThese are the fields of {name} ({language}, {immutable}), says {author}.",
        "todo until {due}: class {name}, methods {methods}, interfaces {interfaces}, access {visibility}",
        "<<Please define|Define|Add>> a class named {name}[[ in {language}]] <<for|that represents>> {purpose}. <<It has the attributes|Attributes>>: {attributes}.[[ It extends {base}.]][[ It offers the methods {methods}.]] The class is {visibility}.",
        "Class {name}\n[[Superclass: {base}\n]][[Language: {language}\n]]Purpose: {purpose}\nFields:\n{attributes}\n[[Methods: {methods}]]",
    ),
)
