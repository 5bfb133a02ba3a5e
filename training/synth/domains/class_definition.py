"""Python classes: name, base, attributes, docstring."""

from ..domain import Domain, f, rows, values
from ..software import CLASS, DOC, PARAM, PYTHON_FILE, SNAKE_ACTION, frames, language, types
from ..values import FIRST_NAME, choice, flag, integer, options

TYPE = types(
    "int int int str str str float bool bytes list dict set date datetime Path Decimal UUID timedelta Any object tuple complex IntEnum time Enum EmailStr HttpUrl "
    "PositiveInt Json Image Color Logger Lock Counter deque",
    "list[{t}]", "{t} | None", "Optional[{t}]", "dict[str, {t}]", "set[{t}]", "tuple[{t}, ...]", "Sequence[{t}]", "ClassVar[{t}]",
)  # fmt: skip

DOMAIN = Domain(
    name="class_definition",
    tasks=(
        "Extract the class.",
        "Parse this class.",
        "Describe the class as JSON.",
        "Which attributes are there?",
        "Read the Python code.",
        "Turn the class into a schema.",
    ),
    fields={
        "name": f("name class_name class type_name identifier", CLASS, "name of the class"),
        "base": f(
            "base base_class parent superclass extends inherits_from", CLASS, "the class it derives from"
        ),
        "attributes": rows(
            "attributes fields properties members variables",
            ["    {name}: {type}"] * 4
            + [
                "    {name}: {type} = {default}",
                "    {name}: {type} = field(default={default})",
                "    {name}: {type}  # <<see below|required|public>>",
                "    {name} = {default}",
            ],
            (1, 6),
            "newline",
            name=f("name attribute key identifier", PARAM, "name of the attribute"),
            type=f("type annotation data_type", TYPE, "its type"),
            default=f(
                "default default_value value",
                options(
                    "None",
                    "0",
                    "1",
                    "-1",
                    "True",
                    "False",
                    "10",
                    "100",
                    "1.0",
                    "0.5",
                    "3",
                    "60",
                    "2",
                    "255",
                    "1000",
                    "8080",
                    "1e-6",
                    "EMPTY",
                    "DEFAULT",
                    "42",
                    "12",
                    "24",
                    "5",
                    "0.1",
                    "4096",
                    "MISSING",
                    "99",
                    "7",
                    "3600",
                    "16",
                ),
            ),
        ),
        "methods": values("methods functions operations", SNAKE_ACTION, (1, 4), "comma and"),
        "frozen": f(
            "frozen immutable is_immutable",
            flag(
                "@dataclass(frozen=True)|@frozen|@attrs.frozen|@dataclass(frozen=True, slots=True)",
                "@dataclass|@dataclass()|@attrs.mutable|@dataclass(order=True)",
            ),
            "whether objects cannot be changed",
        ),
        "doc": f("docstring doc description documentation", DOC, "what the documentation says"),
        "language": f("language lang programming_language", language("python"), "programming language"),
        "file": f("file path filename module", PYTHON_FILE, "where it is defined"),
        "line": f("line line_number lineno", integer(13, 4000, words=0, grouped=False)),
        "author": f("author owner written_by", FIRST_NAME),
        "callers": f("usages references used_by instances", integer(2, 80), "how often it is used"),
        "deprecated": f(
            "deprecated is_deprecated",
            flag(
                "deprecated|obsolete|on its way out",
                "not deprecated|here to stay|part of the stable interface",
            ),
        ),
        "layer": f(
            "layer kind role",
            choice(
                model="data model|entity|record type",
                service="service|business logic",
                view="view|user interface",
                test="test helper|test code",
            ),
            "its role in the program",
        ),
    },
    templates=tuple(
        frame.replace("the function", "the class")
        .replace("The function", "The class")
        .replace("This function", "This class")
        .replace("signature", "class")
        .replace("called", "used")
        for frame in frames(
            'class {name}({base}):\n    """{doc}"""\n\n{attributes}',
            "class {name}:\n{attributes}",
            'class {name}:\n    """{doc}"""\n{attributes}',
            "{frozen}\nclass {name}:\n{attributes}",
            '{frozen}\nclass {name}({base}):\n    """{doc}"""\n\n{attributes}',
            "class {name}({base}):\n{attributes}\n\n    # methods: {methods}",
            "# {doc}\nclass {name}({base}):\n{attributes}",
            "# {layer}\nclass {name}:\n{attributes}\n    # methods: {methods}",
        )
    ),
)
