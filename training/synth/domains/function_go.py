"""Go functions: name, parameters, return type, comment."""

from ..domain import Domain, f, rows
from ..software import CAMEL_PARAM, action, camel, code_fields, frames, pascal, types
from ..values import text

TYPE = types(
    "int int int string string string bool bool float64 error error []byte int64 uint32 any rune time.Time time.Duration context.Context io.Reader "
    "io.Writer *http.Request http.ResponseWriter []string []int uint8 interface{} *sql.DB net.IP *bytes.Buffer url.URL float32 uint64 complex128",
    "[]{t}", "*{t}", "map[string]{t}", "chan {t}", "func({t}) {t}", "({t}, error)", "...{t}", "[4]{t}",
)  # fmt: skip

DOMAIN = Domain(
    name="function_go",
    tasks=(
        "Extract the function signature.",
        "Parse this function.",
        "Describe the function as JSON.",
        "Read the Go code.",
        "What does it take and return?",
    ),
    fields=code_fields(
        text(lambda v: v.rng.choice([pascal, pascal, camel])(action(v))),
        rows(
            "parameters params arguments args inputs",
            ["{name} {type}"],
            (0, 5),
            "comma",
            name=f("name arg identifier", CAMEL_PARAM, "name of the parameter"),
            type=f("type data_type", TYPE, "its type"),
        ),
        TYPE,
        "go",
        package=f(
            "package package_name module",
            text(
                lambda v: v.pick(
                    [
                        "main",
                        "util",
                        "http",
                        "store",
                        "auth",
                        "cache",
                        "queue",
                        "parse",
                        "render",
                        "model",
                        "api",
                        "db",
                        "config",
                        "log",
                        "worker",
                        "client",
                        "server",
                        "mail",
                        "task",
                        "order",
                        "user",
                        "index",
                        "search",
                        "graph",
                        "image",
                        "audio",
                        "video",
                        "text",
                    ]
                )
            ),
        ),
    ),
    templates=frames(
        "func {name}({parameters}) {returns}",
        "// {doc}\nfunc {name}({parameters}) {returns}",
        "func {name}({parameters})",
        "package {package}\n\n// {doc}\nfunc {name}({parameters}) {returns}",
        'package {package}\n\nimport "fmt"\n\nfunc {name}({parameters}) {returns}',
        "func {name}({parameters}) {returns} // {doc}",
        comment="//",
    ),
)
