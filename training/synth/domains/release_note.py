"""Release notes: product, version, changes by kind."""

from ..domain import Domain, f, rows, values
from ..software import HANDLE, PRODUCT, SEMVER, made
from ..values import PERSON, URL, choice, code, date, flag, integer, number

CHANGE = made(
    "support for {X} files", "{a} mode for the {place}", "the {w} export", "crash in {snake}", "memory leak in the {w} parser", "`{snake}` option",
    "translation into {X}", "{w} shortcut in the {place}", "slow start of the {w} worker", "handling of empty {w} lists", "the {a} {w} theme",
    "API endpoint for {w}", "wrong {w} in the {place}", "{Pascal} class", "limit of {n} {w} entries", "login through {X}", "{w} icons",
    "command `{x} {w}`", "{w} cache", "default {w} of {n}", "dependency on {x}", "timeout of the {w} request",
)  # fmt: skip
ISSUES = made(
    "{place} flickers on {X} screens",
    "{w} import needs {n} seconds",
    "no {w} preview",
    "{X} plug-in does not load",
    "printing of {w} pages is off by {n} pixels",
    "sound missing on {X}",
    "{snake} ignores {w}",
    "{w} search is case-sensitive",
)

DOMAIN = Domain(
    name="release_note",
    tasks=(
        "Extract the release notes.",
        "Read the changelog.",
        "What is new in this release?",
        "Release data, please.",
        "List the changes.",
    ),
    fields={
        "product": f("product name project software app", PRODUCT, "the program that is released"),
        "version": f(
            "version release version_number tag", SEMVER, "the new version|version number without prefix"
        ),
        "previous": f(
            "previous_version replaces supersedes last_version",
            code("0.#.#", "1.##.#", "2.#.##", "#.#"),
            "the version before",
        ),
        "codename": f(
            "codename code_name nickname", made("{X}", "{a} {w}", "{X} {w}"), "name of the release"
        ),
        "released": f("release_date date released published released_on", date(), "day of the release"),
        "end_of_life": f("end_of_life supported_until eol support_ends", date(), "day on which support ends"),
        "changes": rows(
            "changes changelog entries items",
            [
                "{kind}: {what}",
                "[{kind}] {what}",
                "{what} ({kind})",
                "{kind} - {what}",
                "**{kind}** {what}",
                "{kind}: {what} (#{ticket})",
                "#{ticket} {kind}: {what}",
                "{what} - {kind}, by @{author}",
            ],
            (1, 6),
            "newline bullet bullet number",
            kind=f(
                "kind type category",
                choice(
                    added="Added|New|Feature|feat",
                    fixed="Fixed|Bug fix|bugfix|Fix",
                    changed="Changed|Improved|Enhancement|Updated",
                    removed="Removed|Dropped|Deleted",
                    deprecated="Deprecated|Deprecation|To be removed later",
                    security="Security|Security fix|Vulnerability closed",
                ),
                "kind of change",
            ),
            what=f("description change text title", CHANGE, "what changed"),
            ticket=f(
                "issue ticket pull_request", integer(13, 9999, words=0, grouped=False), "number of the issue"
            ),
            author=f("author contributor", HANDLE),
        ),
        "known_issues": values(
            "known_issues known_problems limitations open_bugs", ISSUES, (1, 3), "newline bullet semicolon"
        ),
        "breaking": f(
            "breaking has_breaking_changes breaking_changes",
            flag(
                "contains breaking changes|is not backward compatible|breaks existing code",
                "has no breaking changes|is fully backward compatible|is a drop-in replacement",
            ),
            "whether existing users must adapt",
        ),
        "stability": f(
            "stability channel release_type maturity",
            choice(
                stable="a stable release|ready for production|meant for everyone",
                beta="a beta version|for public testing|a preview for testers",
                alpha="an alpha version|highly experimental|an early developer build",
                lts="a long-term support release|supported for years|an LTS version",
                hotfix="a hotfix|an emergency patch|a quick repair release",
            ),
            "kind of release",
        ),
        "manager": f(
            "release_manager manager author published_by", PERSON, "who is responsible for the release"
        ),
        "download": f("download_url url download link", URL, "where to get it"),
        "size": f("size_mb download_size size", number(1, 900, 1), "size in megabytes"),
        "contributors": f(
            "contributors contributor_count number_of_contributors",
            integer(1, 90),
            "how many people took part",
        ),
    },
    templates=(
        "# {product} {version}<<| released>>\n\n_{released}_\n\n{changes}[[\n\nKnown issues:\n{known_issues}]][[\n\nDownload: {download}]]",
        '<<We are happy to announce|Today we publish|We are proud to present>> {product} {version}[[, code-named "{codename}"]]. This version {breaking}.[[ It replaces version {previous}.]] <<Here is what changed|The changes|What\'s new>>:\n{changes}\n\n[[{contributors} people contributed. ]]Get it from {download}.',
        "## [{version}] - {released}\n{changes}",
        "{product} v{version} is out! It is {stability} and {breaking}. {size} MB, see {download}",
        "Product: {product}\nVersion: {version}\n[[Previous version: {previous}\n]]Released: {released}\n[[Supported until: {end_of_life}\n]]Stability: {stability}\n[[Release manager: {manager}\n]][[Size: {size} MB]]",
        "<<Dear users|Hello everybody|Dear customers>>,\n\non {released} we <<released|shipped|rolled out>> version {version} of {product}. It is {stability}.[[ Support for it ends on {end_of_life}.]] In short:\n{changes}\n\n<<Please mind|Not yet solved>>: {known_issues}\n\n<<Yours|Best wishes>>\n{manager}\n1200 installations and counting",
        "product | version | date | previous | download\n{product} | {version} | {released} | {previous} | {download}",
        "<<Upgrade notes|Upgrading>> from {previous} to {version}: the release {breaking}.\n{changes}\nQuestions go to {manager}.",
        '{version} "{codename}" ({released})\n-----------------\n{changes}\n[[open problems:\n{known_issues}\n]][[with thanks to {contributors} contributors]]',
        "{manager}: {product} {version} just went live :tada:\nsam: nice! <<risky|can I update>>?\n{manager}: it {breaking}, and it's {stability}\n{manager}: {changes}",
        "The {product} team has put out {version}, {stability}. <<The package weighs|The download has>> {size} MB[[ and comes from {contributors} contributors]]. Users of {previous} should know that it {breaking}. Security updates will be provided until {end_of_life}.",
        "RELEASE {version}\nPRODUCT {product}\nDATE {released}\nURL {download}\nCHANGES\n{changes}",
        "Internal memo. Release: {product}, {version}. Go-live: {released}. Responsible: {manager}. Rating: {stability}. Still broken:\n{known_issues}\nThe party starts at 18:00.",
        "<<Changelog|Release notes|What's new>> for {product}\n\nVersion {version} <<of|from|dated>> {released}\n{changes}\n\n[[This version {breaking}. ]][[Known problems:\n{known_issues}]]",
        "{product} {version} has been available since {released}.[[ It is {stability}.]] The changes in detail:\n{changes}\n[[\nThe release {breaking}.]][[ You can download it ({size} MB) at {download}.]]",
    ),
)
