"""Bug reports: component, version, steps, what was expected and what happened."""

from ..domain import Domain, f, g, values
from ..software import HANDLE, PRODUCT, SEMVER, SERVICE, STEP, TITLE, made
from ..values import EMAIL, PERSON, choice, code, date, flag, options

ACTUAL = made(
    "the {w} {verb}", "the {a} {w} {verb}", "the {place} {verb}", "{X} {verb}", "I get error {n}", "an empty {w} shows up",
    "a {Pascal}Error is raised", "{n} copies of the {w} appear", "the message '{x} {w}' pops up", "nothing but a {a} screen is visible",
    verb="crashes|freezes|stays empty|is deleted|turns grey|blinks|hangs|shows stale data|loses its settings|throws an exception|closes itself|"
    "overlaps the text|spins forever|jumps back|goes blank|eats all memory|resets to zero|prints garbage",
)  # fmt: skip
EXPECTED = made(
    "the {w} {verb}", "the {a} {w} {verb}", "the {place} {verb}", "a {w} of size {n} appears", "{X} {verb}", "all {n} {w} entries are listed",
    verb="opens|is saved|is shown once|stays visible|keeps its settings|is updated|loads within a second|appears in the list|is sorted|"
    "is exported|closes quietly|is highlighted|can be edited|is renamed|is printed|starts again|is translated",
)  # fmt: skip

DOMAIN = Domain(
    name="bug_report",
    tasks=(
        "Extract the bug report.",
        "Read the bug report.",
        "Fill in the issue form.",
        "File this bug.",
        "What is broken?",
    ),
    fields={
        "id": f(
            "id bug_id issue_number issue key",
            code("BUG-####", "#####", "@@@-####", "####", "@@-##"),
            "number of the issue",
        ),
        "title": f("title summary subject headline name", TITLE, "one-line summary"),
        "component": f(
            "component module area affected_component subsystem",
            SERVICE,
            "part of the program that is broken",
        ),
        "product": f("product application app software project", PRODUCT, "the program that has the bug"),
        "version": f(
            "version affected_version app_version release",
            SEMVER,
            "version in which it occurs|version number without prefix",
        ),
        "environment": g(
            "environment env system platform",
            os=f(
                "os operating_system platform",
                options(
                    *[
                        "Windows 10",
                        "Windows 11",
                        "Windows 7",
                        "macOS 12",
                        "macOS 13",
                        "macOS 14 Sonoma",
                        "Ubuntu 20.04",
                        "Ubuntu 22.04",
                        "Ubuntu 24.04",
                        "Debian 11",
                        "Debian 12",
                        "Fedora 38",
                        "Fedora 40",
                        "Arch Linux",
                        "openSUSE Leap 15.5",
                        "Linux Mint 21",
                        "iOS 16",
                        "iOS 17.2",
                        "iPadOS 16",
                        "Android 12",
                        "Android 13",
                        "Android 14",
                        "ChromeOS",
                        "FreeBSD 13",
                        "FreeBSD 14",
                        "Alpine 3.19",
                        "Windows Server 2019",
                        "Windows Server 2022",
                        "CentOS 7",
                        "RHEL 9",
                        "Rocky Linux 9",
                        "NixOS 23.11",
                        "Raspberry Pi OS",
                    ]
                ),
                "operating system",
            ),
            browser=f(
                "browser web_browser user_agent",
                options(
                    *[
                        "Firefox 115",
                        "Firefox 121",
                        "Firefox 128 ESR",
                        "Chrome 119",
                        "Chrome 120",
                        "Chrome 126",
                        "Safari 16",
                        "Safari 17",
                        "Edge 118",
                        "Edge 120",
                        "Opera 102",
                        "Brave 1.61",
                        "Vivaldi 6.5",
                        "Chromium 122",
                        "Firefox Focus",
                        "Samsung Internet 23",
                        "Tor Browser 13",
                        "DuckDuckGo 7",
                        "Epiphany 45",
                        "Falkon 23",
                        "Arc 1.20",
                        "LibreWolf 121",
                        "Waterfox 6",
                        "Pale Moon 33",
                        "SeaMonkey 2.53",
                        "Konqueror 23",
                        "Midori 11",
                        "Lynx 2.9",
                        "Chrome Canary",
                        "Safari TP",
                    ]
                ),
                "browser with its version",
            ),
        ),
        "severity": f(
            "severity priority impact level",
            choice(
                trivial="cosmetic|trivial|a mere blemish|barely noticeable",
                minor="minor|a small nuisance|mildly annoying|low impact",
                major="major|a serious problem|severe|high impact",
                blocker="a blocker|a showstopper|blocking the release|release-critical",
            ),
            "how bad it is",
        ),
        "frequency": f(
            "reproducible frequency reproducibility how_often",
            choice(
                always="every time|always|on each attempt|without exception",
                sometimes="sometimes|now and then|about half of the time|intermittently",
                once="only once|a single time|just one time so far",
            ),
            "how often it happens",
        ),
        "steps": values(
            "steps steps_to_reproduce reproduction repro_steps",
            STEP,
            (2, 5),
            "newline bullet number semicolon",
        ),
        "expected": f(
            "expected expected_behavior expected_result should_happen", EXPECTED, "what should happen"
        ),
        "actual": f("actual actual_behavior actual_result observed", ACTUAL, "what happens instead"),
        "reporter": g(
            "reporter author reported_by submitter",
            name=f("name full_name", PERSON, "who found it"),
            email=f("email contact", EMAIL),
            handle=f("username handle login", HANDLE, "account name"),
        ),
        "assignee": f("assignee assigned_to owner developer", PERSON, "who is to fix it"),
        "reported": f("reported_on date created reported filed_on", date(), "day of the report"),
        "regression": f(
            "regression is_regression worked_before",
            flag(
                "a regression|something that worked in the previous release|newly broken",
                "not a regression|broken since the very beginning|an old problem",
            ),
            "whether it worked before",
        ),
    },
    templates=(
        "## {title}\n\n**Version:** {version}\n**OS:** {environment.os}\n[[**Browser:** {environment.browser}\n]]\n### Steps to reproduce\n{steps}\n\n### Expected\n{expected}\n\n### Actual\n{actual}[[\n\nSeverity: {severity}]]",
        "{id}: {title}\nComponent: {component}\nAffects: {version}\nSeverity: {severity}\n[[Reporter: {reporter.name}\n]][[Assignee: {assignee}\n]]Reported: {reported}",
        "<<Hi|Hello|Hey all>>,\n\nI <<found|ran into|stumbled over>> a bug in {product} {version}[[ on {environment.os}]]. <<I expected that|I thought that>> {expected}, but {actual}. <<It happens|This occurs>> {frequency}.[[\n\nTo reproduce:\n{steps}]]\n\n<<Cheers|Thanks|Regards>>\n{reporter.name}",
        "{reporter.handle} opened {id} on {reported}: {title}. <<It is|In their words it is>> {severity}[[ and {regression}]].[[ Assigned to {assignee}.]]",
        "<<Bug|Defect|Issue>> {id} in {component} (v{version}): {actual} instead of the documented behaviour. Repro: {steps}. Happens {frequency}.",
        "what i did:\n{steps}\nwhat i wanted: {expected}\nwhat i got: {actual}\nusing {environment.browser} / {environment.os}, {product} v{version}",
        "id | component | version | severity | owner\n{id} | {component} | {version} | {severity} | {assignee}",
        "{product} | {title} | {environment.os} | reproducible: {frequency}[[ | reporter: {reporter.name}]]",
        "<<QA note|Test protocol|Note from testing>>, {reported}. Tester: {reporter.name}. While testing {product} we saw that {actual}. According to the manual, page 12, it should be that {expected}. Verdict: {severity}; {regression}.",
        "Dear {assignee},\n\n{reporter.name} ({reporter.email}) <<has reported|reports>> the following: {title}. The problem is in {component}, and it is {severity}.[[ It can be seen {frequency}.]] Please have it fixed <<before the next sprint|soon|if you can>>.\n\n<<Thank you|Best>>,\nThe triage team",
        "[{component}] {title}\n\nEnvironment\n- os: {environment.os}\n- browser: {environment.browser}\n- app version: {version}\n\nRepro steps\n{steps}\n\nExpected result: {expected}\nActual result: {actual}\nRegression: {regression}",
        "bug in {component}!! {actual} {frequency} since I updated to {version}. it's {severity} imho. -- {reporter.handle}",
        "Since version {version}, {product} has a bug on {environment.os}: {actual}.[[ We consider it {severity}.]] The ticket is {id}[[, filed on {reported}]][[ by {reporter.name}]]. It is {regression}.[[ {assignee} is working on it; 3 people have voted for it.]]",
        "summary={title}\nversion={version}\nseverity={severity}\nos={environment.os}\nreporter={reporter.email}\nexpected={expected}\nactual={actual}",
        "**Describe the bug**\n{title}\n\n**To reproduce**\n{steps}\n\n**Expected behavior**\n{expected}\n\n[[**What happens instead**\n{actual}\n\n]]**Setup**\n- {product} {version}\n- {environment.os}\n[[- {environment.browser}\n]][[Frequency: {frequency}]]",
        "Issue: {id}\nTitle: {title}\n[[Module: {component}\n]]Version: {version}\nImpact: {severity}\n[[How often: {frequency}\n]][[Found by: {reporter.name}, {reported}\n]]Observed: {actual}\nShould be: {expected}",
    ),
)
