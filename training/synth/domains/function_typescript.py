"""TypeScript functions: name, parameters, return type, comment."""

from ..domain import Domain, f, rows
from ..software import CAMEL_ACTION, CAMEL_PARAM, code_fields, frames, types
from ..values import Kind, Surface, flag

TYPE = types(
    "string string string number number number boolean boolean any unknown Date object bigint null undefined never RegExp Buffer URL symbol "
    "Uint8Array HTMLElement Event Response Request File Blob FormData ReadableStream AbortSignal Error JSX.Element React.ReactNode",
    "{t}[]", "Array<{t}>", "Promise<{t}>", "Record<string, {t}>", "{t} | null", "{t} | undefined", "Map<string, {t}>", "Set<{t}>", "Partial<{t}>",
    "Promise<{t}[]>", "[{t}, {t}]", "Readonly<{t}>", "Promise<{t} | null>", "(x: {t}) => {t}",
)  # fmt: skip
RESULT = Kind(lambda v: Surface("void", "void") if v.chance(0.15) else TYPE.draw(v), TYPE.forms)

DOMAIN = Domain(
    name="function_typescript",
    tasks=(
        "Extract the function signature.",
        "Parse this function.",
        "Describe the function as JSON.",
        "Read the TypeScript code.",
        "What are the parameters?",
    ),
    fields=code_fields(
        CAMEL_ACTION,
        rows(
            "parameters params arguments args inputs",
            ["{name}: {type}"] * 5 + ["\n  {name}: {type}", "{name}?: {type}"],
            (0, 5),
            "comma",
            name=f("name arg identifier", CAMEL_PARAM, "name of the parameter, without ?"),
            type=f("type annotation type_hint", TYPE, "its type"),
        ),
        RESULT,
        "typescript",
        is_async=f(
            "is_async async asynchronous",
            flag(
                "async function|export async function|export default async function",
                "function|export function|export default function",
            ),
            "whether it is declared async",
        ),
    ),
    templates=frames(
        "{is_async} {name}({parameters}): {returns}",
        "/** {doc} */\n{is_async} {name}({parameters}): {returns}",
        "// {doc}\n{is_async} {name}({parameters}): {returns};",
        "/**\n * {doc}\n */\n{is_async} {name}({parameters}): {returns};",
        "{is_async} {name}({parameters})",
        "{is_async} {name}({parameters}): {returns}; // {doc}",
        "{is_async} {name}<T>({parameters}): {returns};",
        comment="//",
    ),
)
