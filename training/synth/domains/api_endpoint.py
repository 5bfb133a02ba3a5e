"""HTTP interfaces: method, path, parameters, answer."""

import re

from ..domain import Domain, f, g, rows, values
from ..software import SNAKE, made, parts, snake, stem
from ..values import Values, choice, flag, integer, options, text


def _path(v: Values) -> str:
    pieces = (
        [v.rng.choice(["api", "v1", "v2", "v3", "rest", "api/v1", "api/v2", "internal", "public"])]
        if v.chance(0.6)
        else []
    )
    for _ in range(v.rng.randint(1, 3)):
        pieces.append("-".join(parts(v, 1, 2)) if v.chance(0.3) else stem(v) + v.rng.choice(["s", "s", ""]))
        if v.chance(0.4):
            key = v.rng.choice(["id", "uuid", "slug", snake(parts(v, 1, 1)) + "_id"])
            pieces.append(v.rng.choice(["{%s}", "{%s}", ":%s"]) % key)
    return "/" + "/".join(pieces)


def _base(v: Values) -> str:
    host = re.sub("[^a-z]", "", stem(v))
    return v.rng.choice(
        [
            "https://api.{}.com",
            "https://{}.io/api",
            "https://{}.example.org",
            "http://localhost:80{1:02d}",
            "https://{}.dev",
        ]
    ).format(host, v.rng.randint(0, 99))


ABOUT = made(
    "{verb} a {w}", "{verb} the {w} of a {w}", "{verb} all {w} entries", "{verb} {a} {w} items", "{verb} one {w} by its id", "{verb} the {w} settings",
    "{verb} {w} records of {X}", "{verb} the current {w}",
    verb="returns|creates|deletes|updates|lists|exports|searches|archives|restores|uploads|validates|counts|renames|locks|fetches|imports|copies|merges",
)  # fmt: skip

DOMAIN = Domain(
    name="api_endpoint",
    tasks=(
        "Extract the endpoint.",
        "Read the API documentation.",
        "Describe the endpoint as data.",
        "Which request is documented here?",
        "Convert the API reference.",
    ),
    fields={
        "method": f(
            "method http_method verb request_method",
            choice(
                get="GET|get|Get",
                post="POST|post|Post",
                put="PUT|put|Put",
                patch="PATCH|patch|Patch",
                delete="DELETE|delete|Delete",
            ),
            "HTTP verb",
        ),
        "path": f("path route url_path endpoint uri", text(_path), "path of the endpoint, with placeholders"),
        "base": f("base_url server host api_base", text(_base), "address in front of the path"),
        "summary": f("summary description purpose what_it_does", ABOUT, "what the endpoint does"),
        "operation": f("operation_id operation name handler", SNAKE, "name of the operation"),
        "parameters": rows(
            "parameters params arguments query_parameters",
            [
                "{name} ({type}, {required})",
                "{name}: {type}",
                "{name} | {type} | {where} | {required}",
                "`{name}` {type} - {about}",
                "{name} ({type}) in {where}",
                "{name} - {type}, {required}, {about}",
                "{type} {name}",
                "{name}: {type}, in {where}, {required}",
                "{required} {where} parameter {name} of type {type}",
            ],
            (1, 5),
            "newline bullet semicolon",
            name=f("name parameter key", SNAKE, "name of the parameter"),
            type=f(
                "type data_type datatype",
                options(
                    "string",
                    "integer",
                    "boolean",
                    "number",
                    "array",
                    "object",
                    "uuid",
                    "date",
                    "date-time",
                    "float",
                    "int32",
                    "int64",
                    "enum",
                    "email",
                    "uri",
                    "binary",
                    "array of strings",
                    "list of integers",
                    "decimal",
                    "timestamp",
                    "file",
                    "json",
                    "bool",
                    "str",
                    "double",
                    "byte",
                    "duration",
                    "ipv4",
                    "map",
                    "long",
                ),
                "its type",
            ),
            where=f(
                "in location where",
                choice(
                    path="path|route",
                    query="query|query string",
                    header="header|HTTP header",
                    body="body|request body",
                    cookie="cookie",
                ),
                "where it is sent",
            ),
            required=f(
                "required is_required mandatory",
                flag("required|mandatory", "optional|not required"),
                "whether it must be given",
            ),
            about=f(
                "description about meaning",
                made(
                    "the {w} to use",
                    "{w} filter",
                    "number of {w} entries",
                    "id of the {w}",
                    "sort by {w}",
                    "{a} {w} only",
                    "page of {w} results",
                ),
            ),
        ),
        "response": g(
            "response success_response returns result",
            status=f(
                "status status_code code http_status", integer(200, 206, words=0), "status code on success"
            ),
            type=f(
                "content_type media_type format type",
                options(
                    "application/json",
                    "text/csv",
                    "application/xml",
                    "text/plain",
                    "application/pdf",
                    "image/png",
                    "text/html",
                    "application/x-ndjson",
                    "application/octet-stream",
                    "image/jpeg",
                    "application/zip",
                    "multipart/form-data",
                    "text/event-stream",
                    "application/yaml",
                    "application/hal+json",
                    "image/svg+xml",
                    "audio/mpeg",
                    "video/mp4",
                    "application/msgpack",
                    "application/protobuf",
                ),
            ),
            schema=f(
                "schema model body type_name",
                text(lambda v: "".join(p.capitalize() for p in parts(v, 1, 2))),
                "name of the model that is returned",
            ),
        ),
        "errors": values(
            "error_codes errors possible_errors", integer(400, 511, words=0), (1, 4), "comma and semicolon"
        ),
        "auth": f(
            "authentication auth security auth_method",
            choice(
                none="no authentication|no login|no credentials at all",
                api_key="an API key|a key in the header X-Api-Key|an access key",
                bearer="a bearer token|a JWT|a token in the Authorization header",
                basic="HTTP basic auth|user name and password|basic credentials",
                oauth2="OAuth 2|an OAuth2 flow|OAuth 2.0 client credentials",
            ),
            "how callers identify themselves",
        ),
        "rate_limit": f(
            "rate_limit rate_limit_per_minute requests_per_minute max_requests",
            integer(13, 5000, words=0),
            "requests allowed per minute",
        ),
        "version": f(
            "api_version version since",
            text(lambda v: f"{v.rng.randint(1, 9)}.{v.rng.randint(0, 30)}"),
            "version of the interface in which it appeared",
        ),
        "deprecated": f(
            "deprecated is_deprecated obsolete",
            flag("deprecated|going to be removed|obsolete", "fully supported|not deprecated|here to stay"),
            "whether one should not use it any more",
        ),
        "tags": values("tags groups categories", text(lambda v: stem(v)), (1, 3), "comma and"),
    },
    templates=(
        "{method} {path}\n\n{summary}\n\nParameters:\n{parameters}\n\n[[Requires: {auth}\n]]<<Success|Returns|Response>>: {response.status}[[ {response.type}]]",
        "### {operation}\n`{method} {base}{path}`\n\n{summary}[[ (since {version})]].\n\n{parameters}\n\n[[Errors: {errors}]]",
        "<<The endpoint|A call of>> {path} {summary}. <<It is called with|Use>> {method}; <<it needs|callers need>> {auth}.[[ The parameters are: {parameters}.]][[ At most {rate_limit} requests per minute are allowed.]][[ It is {deprecated}.]]",
        "endpoint: {path}\nverb: {method}\nauth: {auth}\nstatus: {response.status}\nmodel: {response.schema}\n[[limit: {rate_limit}/min\n]][[tags: {tags}\n]]params:\n{parameters}",
        "method | path | what | auth\n{method} | {path} | {summary} | {auth}",
        "<<Hi|Hey>>, <<which call do I need|what do I have to call>>?\n> use {method} on {path}, that {summary}. base is {base}, you need {auth}\nand what comes back?\n> {response.status} with a {response.schema} as {response.type}",
        '@app.route("{path}", methods=["{method}"])\ndef {operation}(request):\n    """{summary}.\n\n    Params:\n{parameters}\n    """',
        "paths:\n  {path}:\n    {method}:\n      operationId: {operation}\n      summary: {summary}\n[[      tags: {tags}\n]]      deprecated: {deprecated}\n      responses:\n        {response.status}: {response.schema}",
        "<<Please build|We need|Could you add>> an endpoint {path} ({method}) which {summary}. It takes\n{parameters}\nand answers with {response.status} and {response.type}. <<In case of trouble|On failure>> it gives {errors}. Access is by {auth}. The deadline is sprint 14.",
        "curl -X {method} {base}{path}\n# {summary}\n# auth: {auth}\n# returns {response.status}, {response.type}",
        "{operation} - {method} {path} - tagged {tags} - {deprecated} - v{version}",
        "Dear partner,\n\nfrom version {version} on, our interface at {base} offers {method} {path}. It {summary}; please note that it is {deprecated}. You may send {rate_limit} requests a minute. The error codes {errors} are possible.\n\n<<Kind regards|Best>>\nThe platform team (ext. 4410)",
        "Request:\n  {method} {path}\n  {parameters}\nResponse:\n  {response.status} {response.type} ({response.schema})\nLimit: {rate_limit} per minute",
        "{method} {path} {summary}. <<It takes these parameters|Parameters>>:\n{parameters}\n<<On success the status is|It answers with status>> {response.status}[[ and the type is {response.type}]].[[ Authentication: {auth}.]][[ Possible errors: {errors}.]]",
        "Name: {operation}\nMethod: {method}\nPath: {path}\n[[Server: {base}\n]]Description: {summary}\nAuthentication: {auth}\n[[Rate limit: {rate_limit} requests per minute\n]]Parameters:\n{parameters}",
    ),
)
