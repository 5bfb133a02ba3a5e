"""Software packages: name, version, licence, dependencies."""

from ..domain import Domain, f, g, rows, values
from ..software import HANDLE, SEMVER, made, parts, snake, stem
from ..values import EMAIL, PERSON, URL, Values, choice, date, flag, integer, number, options, text


def _name(v: Values) -> str:
    words = parts(v, 1, 2)
    name = v.rng.choice(["-".join, "-".join, snake, "".join])(words)
    return v.rng.choice(
        ["{}", "{}", "{}", "py{}", "lib{}", "{}-js", "go-{}", "@{1}/{0}", "{1}-{0}", "{}.rs", "{}2"]
    ).format(name, stem(v, 1.0))


LICENCES = """MIT|Apache-2.0|BSD-3-Clause|BSD-2-Clause|GPL-3.0|GPL-2.0-only|LGPL-2.1|LGPL-3.0-or-later|AGPL-3.0|MPL-2.0|ISC|Unlicense|CC0-1.0|Zlib|
EPL-2.0|EUPL-1.2|Artistic-2.0|0BSD|BSL-1.0|PostgreSQL|Python-2.0|WTFPL|CDDL-1.0|MS-PL|OFL-1.1|Vim|NCSA|X11|Ruby|PHP-3.01|CECILL-2.1|proprietary""".replace(
    "\n", ""
).split("|")
WHAT = made(
    "a {a} parser for {w} files", "{kind} for {w} data", "a tiny {kind} written in {lang}", "{kind} with {w} support", "a binding to {X}", "{a} {kind} for the {w} protocol",
    "a set of tools for {w} work", "a {kind} that speaks {X}", "the {a} way to handle {w}", "a client for the {X} API", "{w} widgets for {lang}",
    kind="web framework|test runner|logging library|template engine|HTTP client|type checker|database driver|queue|cache|date library|colour library|plotting toolkit|"
    "command-line helper|linter|build tool|scheduler|crypto library|state machine|image codec|game engine|text editor component",
    lang="Rust|Python|Go|C|TypeScript|Zig|Haskell|Kotlin|Ruby|OCaml",
)  # fmt: skip
CONSTRAINT = text(
    lambda v: (
        v.rng.choice([">=", "^", "~", "==", "~=", "<", ">", "<=", ">= "])
        + f"{v.rng.randint(0, 9)}.{v.rng.randint(0, 30)}"
        + v.rng.choice(["", ".0", ".*", f".{v.rng.randint(1, 9)}"])
    )
)

DOMAIN = Domain(
    name="package",
    tasks=(
        "Extract the package.",
        "Read the package metadata.",
        "Which library is this?",
        "Dependency data, please.",
        "Describe the package as data.",
    ),
    fields={
        "name": f("name package package_name library module", text(_name), "name of the package"),
        "version": f(
            "version latest_version release installed_version", SEMVER, "its version, without prefix"
        ),
        "description": f("description summary about purpose", WHAT, "what it does"),
        "licence": f("license licence license_id spdx", options(*LICENCES), "the licence"),
        "author": g(
            "author maintainer developer",
            name=f("name full_name", PERSON),
            email=f("email mail", EMAIL),
            handle=f("username handle login", HANDLE),
        ),
        "homepage": f("homepage url website home_page", URL, "address of the project"),
        "registry": f(
            "registry source index package_manager",
            choice(
                pypi="PyPI|pip|the Python Package Index",
                npm="npm|npmjs|the npm registry",
                crates="crates.io|cargo",
                maven="Maven Central|Maven",
                debian="apt|the Debian archive|Debian",
                rubygems="RubyGems|gem",
                homebrew="Homebrew|brew",
            ),
            "where it comes from",
        ),
        "released": f("released release_date published_on updated date", date(), "day of this release"),
        "dependencies": rows(
            "dependencies requires requirements deps",
            [
                "{name} {constraint}",
                "{name} ({constraint})",
                "{name}: {constraint}",
                '"{name}": "{constraint}"',
                '{name} = "{constraint}"',
                "{name}; version {constraint}",
                "{name} | {constraint}",
            ],
            (1, 6),
            "newline bullet comma",
            name=f("name package", text(_name), "package that is needed"),
            constraint=f("constraint version version_range specifier", CONSTRAINT, "versions that will do"),
        ),
        "keywords": values("keywords tags topics", text(lambda v: stem(v)), (1, 5), "comma and semicolon"),
        "min_runtime": f(
            "minimum_runtime requires_python engine min_version runtime_version",
            text(lambda v: f"{v.rng.randint(1, 22)}.{v.rng.randint(0, 20)}"),
            "oldest version of the language that works",
        ),
        "downloads": f(
            "downloads weekly_downloads download_count installs",
            integer(13, 3000000, words=0),
            "downloads a week",
        ),
        "stars": f("stars star_count github_stars", integer(13, 60000, words=0)),
        "size": f("size_kb size package_size", number(1, 9000, 1), "size in kB"),
        "deprecated": f(
            "deprecated is_deprecated unmaintained",
            flag(
                "deprecated|no longer maintained|abandoned by its authors",
                "actively maintained|alive and well|maintained",
            ),
            "whether it is no longer kept up",
        ),
        "vulnerabilities": f(
            "vulnerabilities known_vulnerabilities open_cves",
            integer(0, 12),
            "number of known security problems",
        ),
    },
    templates=(
        "{name} {version}\n{description}\n\nLicense: {licence}\n[[Author: {author.name} <{author.email}>\n]][[Homepage: {homepage}\n]][[Released: {released}\n]]Requires:\n{dependencies}",
        '[project]\nname = "{name}"\nversion = "{version}"\ndescription = "{description}"\nlicense = "{licence}"\n[[requires-runtime = "{min_runtime}"\n]][[authors = "{author.name}"\n]]\n# dependencies\n{dependencies}',
        "Name: {name}\nVersion: {version}\nSummary: {description}\nHome-page: {homepage}\nAuthor: {author.name}\nAuthor-email: {author.email}\nLicense: {licence}",
        "{name} is {description}. <<The current version|The latest release>> is {version}[[, published on {released}]]. It is {deprecated} and <<comes under the licence|licensed under>> {licence}.[[ About {downloads} people download it every week.]]",
        "{name} | {version} | {licence} | {downloads} downloads/week | {stars} stars",
        "<<Hi|Hello>> {author.name},\n\nI <<use|depend on>> {name} {version} (from {registry}) and hear that it is {deprecated}. My scanner shows {vulnerabilities} vulnerabilities.[[ Does it run with runtime {min_runtime}?]] I have 3 projects on it.\n\n<<Thanks|Best>>,\nJo",
        "<<added|installed|adding>> {name} v{version} from {registry} ({size} kB)\nit needs:\n{dependencies}",
        "<<Audit|Dependency audit|Licence check>>\n- package: {name}\n- version: {version}\n- licence: {licence}\n- source: {registry}\n- upkeep: {deprecated}\n- open vulnerabilities: {vulnerabilities}\n[[- size: {size} kB]]",
        "ana: <<any good lib for this|what do you use for that>>?\nbo: {name}! it's {description}, {licence}, {stars} stars\nana: where from?\nbo: {registry}, version {version}. by {author.handle}[[, see {homepage}]]",
        "The package {name} ({registry}) by {author.handle} needs at least version {min_runtime} of the runtime and {dependencies}. Its keywords are {keywords}. Release {version} came out on {released}.",
        "package: {name}\nver: {version}\nkeywords: {keywords}\nweekly downloads: {downloads}\nsize: {size} kB\nlicence: {licence}\nmaintainer: {author.email}",
        "{dependencies}\n\n# needed by {name} {version}, {description} ({licence})",
        "Dear legal department, we would like to use {name}, version {version}, which is {description}. The licence is {licence}. It is kept by {author.name}, {deprecated}, and has {vulnerabilities} known holes. Order 4711 depends on it.",
        "{name}@{version} ({licence}), updated {released}, {stars} stars, minimum runtime {min_runtime}, topics: {keywords}",
        "{name} <<is|-->> {description}.\n\n<<Install it from|Get it from>> {registry}. <<Version|Current version>>: {version}.[[ Released on {released}.]] Licence: {licence}.[[ Written by {author.name}.]][[ It depends on:\n{dependencies}]]",
        "Package: {name}\nVersion: {version}\nLicense: {licence}\n[[Maintainer: {author.name} <{author.email}>\n]]Description: {description}\n[[Website: {homepage}\n]][[Keywords: {keywords}\n]]Dependencies:\n{dependencies}",
    ),
)
