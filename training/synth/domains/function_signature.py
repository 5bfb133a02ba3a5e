"""Python functions: name, parameters, return type, docstring."""

from ..domain import Domain, f, rows
from ..software import PARAM, SNAKE_ACTION, code_fields, frames, types
from ..values import Kind, Surface, flag, options

TYPE = types(
    "int int int str str str float float bool bool bytes list dict set tuple Path datetime Decimal date object Any UUID complex Callable "
    "bytearray Iterable Sequence np.ndarray pd.DataFrame Mapping torch.Tensor timedelta Fraction Iterator Hashable IO slice range",
    "list[{t}]", "dict[str, {t}]", "{t} | None", "Optional[{t}]", "tuple[{t}, {t}]", "set[{t}]", "Callable[[{t}], {t}]", "Iterable[{t}]", "{t} | {t}",
    "List[{t}]", "Dict[str, {t}]", "Union[{t}, {t}]", "list[list[{t}]]",
)  # fmt: skip
RESULT = Kind(lambda v: Surface("None", "None") if v.chance(0.15) else TYPE.draw(v), TYPE.forms)

DOMAIN = Domain(
    name="function_signature",
    tasks=(
        "Extract the function signature.",
        "Parse this function.",
        "Describe the function as JSON.",
        "Read the code.",
        "What are the parameters?",
        "Turn the function into a tool description.",
    ),
    fields=code_fields(
        SNAKE_ACTION,
        rows(
            "parameters params arguments args inputs",
            ["{name}: {type}"] * 6
            + [
                "\n    {name}: {type}",
                "{name}: {type} = {default}",
                "{name}: {type} = {default}",
                "{name}={default}",
                "{name}",
            ],
            (0, 5),
            "comma",
            name=f("name arg identifier", PARAM, "name of the parameter"),
            type=f("type annotation type_hint", TYPE, "its type"),
            default=f(
                "default default_value",
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
                    "math.pi",
                    "INF",
                    "DEFAULT",
                    "42",
                    "12",
                    "24",
                    "5",
                    "0.1",
                    "4096",
                    "MISSING",
                    "...",
                    "{}",
                    "[]",
                    "()",
                    "99",
                ),
                "value if it is not given",
            ),
        ),
        RESULT,
        "python",
        is_async=f(
            "is_async async asynchronous coroutine", flag("async def", "def|def"), "whether it is a coroutine"
        ),
    ),
    templates=frames(
        '{is_async} {name}({parameters}) -> {returns}:\n    """{doc}"""',
        '{is_async} {name}({parameters}) -> {returns}:\n    """{doc}"""\n    <<return None|pass|...|raise NotImplementedError>>',
        "{is_async} {name}({parameters}) -> {returns}:\n    <<pass|...|return cache.get(key)>>",
        "{is_async} {name}({parameters}) -> {returns}: ...",
        "{is_async} {name}({parameters}) -> {returns}",
        "{is_async} {name}({parameters}) -> {returns}:\n    # {doc}\n    result = None\n    return result",
        '{is_async} {name}({parameters}):\n    """{doc}"""\n    print(42)',
        "{is_async} {name}({parameters}):",
        "@cache\n{is_async} {name}({parameters}) -> {returns}:\n    '''{doc}'''",
    ),
)
