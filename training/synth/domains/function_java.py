"""Java methods: name, parameters, return type, visibility, exceptions."""

from ..domain import Domain, f, rows
from ..software import CAMEL_ACTION, CAMEL_PARAM, CLASS, code_fields, frames, types
from ..values import Kind, Surface, choice

TYPE = types(
    "int int int String String String boolean boolean double long float char byte short Integer Long Double Object BigDecimal LocalDate Instant UUID "
    "InputStream File Path Duration Runnable byte[] int[] String[] Boolean URI Locale Charset StringBuilder CharSequence",
    "List<{t}>", "Map<String, {t}>", "Optional<{t}>", "Set<{t}>", "{t}[]", "Function<{t}, {t}>", "CompletableFuture<{t}>", "Stream<{t}>", "Collection<{t}>",
    "Supplier<{t}>", "Iterator<{t}>", "Map<{t}, List<{t}>>",
)  # fmt: skip
RESULT = Kind(lambda v: Surface("void", "void") if v.chance(0.2) else TYPE.draw(v), TYPE.forms)

DOMAIN = Domain(
    name="function_java",
    tasks=(
        "Extract the method.",
        "Parse this method.",
        "Describe the method as JSON.",
        "Read the Java code.",
        "What is the signature?",
    ),
    fields=code_fields(
        CAMEL_ACTION,
        rows(
            "parameters params arguments args inputs",
            ["{type} {name}"] * 4
            + ["final {type} {name}", "@NonNull {type} {name}", "\n        {type} {name}"],
            (0, 5),
            "comma",
            name=f("name arg identifier", CAMEL_PARAM, "name of the parameter"),
            type=f("type data_type", TYPE, "its type"),
        ),
        RESULT,
        "java",
        visibility=f(
            "visibility access modifier access_modifier",
            choice(
                public="public|public static|public final",
                private="private|private static",
                protected="protected|protected static",
            ),
            "who may call it",
        ),
        throws=f("throws exception raises", CLASS, "exception that it declares"),
    ),
    templates=frames(
        "{visibility} {returns} {name}({parameters})",
        "{visibility} {returns} {name}({parameters});",
        "/** {doc} */\n{visibility} {returns} {name}({parameters})",
        "/**\n * {doc}\n */\n{visibility} {returns} {name}({parameters}) throws {throws};",
        "{visibility} {returns} {name}({parameters}) throws {throws}",
        "// {doc}\n@Override\n{visibility} {returns} {name}({parameters});",
        comment="//",
    ),
)
