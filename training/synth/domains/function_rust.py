"""Rust functions: name, parameters, return type, visibility."""

from ..domain import Domain, f, rows
from ..software import PARAM, SNAKE_ACTION, code_fields, frames, types
from ..values import Kind, Surface, flag

TYPE = types(
    "i32 i32 u32 u64 i64 usize usize bool bool f64 f32 String String &str &str u8 char &[u8] PathBuf &Path Duration Instant i128 u16 isize Uuid OsStr "
    "SocketAddr OsString Error NonZeroU32 Value Bytes",
    "Vec<{t}>", "Option<{t}>", "&{t}", "&mut {t}", "Result<{t}, {t}>", "HashMap<String, {t}>", "Box<{t}>", "&[{t}]", "Arc<{t}>", "Result<{t}>", "[{t}; 4]", "impl Fn({t}) -> {t}",
)  # fmt: skip
RESULT = Kind(lambda v: Surface("()", "()") if v.chance(0.1) else TYPE.draw(v), TYPE.forms)

DOMAIN = Domain(
    name="function_rust",
    tasks=(
        "Extract the function signature.",
        "Parse this function.",
        "Describe the function as JSON.",
        "Read the Rust code.",
        "What does it take and return?",
    ),
    fields=code_fields(
        SNAKE_ACTION,
        rows(
            "parameters params arguments args inputs",
            ["{name}: {type}"] * 5 + ["\n    {name}: {type}", "mut {name}: {type}"],
            (0, 5),
            "comma",
            name=f("name arg identifier", PARAM, "name of the parameter"),
            type=f("type data_type", TYPE, "its type"),
        ),
        RESULT,
        "rust",
        is_async=f(
            "is_async async asynchronous",
            flag(
                "async fn|pub async fn|pub(crate) async fn", "fn|pub fn|pub(crate) fn|unsafe fn|pub const fn"
            ),
            "whether it is asynchronous",
        ),
    ),
    templates=frames(
        "{is_async} {name}({parameters}) -> {returns}",
        "/// {doc}\n{is_async} {name}({parameters}) -> {returns};",
        "/// {doc}\n#[inline]\n{is_async} {name}({parameters}) -> {returns};",
        "{is_async} {name}({parameters});",
        "// {doc}\n{is_async} {name}({parameters})",
        comment="//",
    ),
)
