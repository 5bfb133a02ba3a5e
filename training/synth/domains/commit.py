"""Commits and merge requests: hash, author, message, files."""

from ..domain import Domain, f, g, rows, values
from ..software import BRANCH, FILE, HANDLE, HASH, SERVICE, made
from ..values import EMAIL, PERSON, choice, code, datetime, flag, integer

MESSAGE = made(
    "{verb} {snake}", "{verb} the {w} {thing}", "{verb} {a} {w} {thing}", "{verb} {Pascal}", "{verb} `{action}` to the {w} {thing}", "{verb} {thing} for {X}",
    "{verb} {n} {w} {thing}s", "{verb} {camel} in {place}",
    verb="add|remove|rename|move|document|extend|simplify|speed up|rewrite|inline|split|cache|log|pin|reformat|translate|expose|hide|merge|port|drop|wrap|introduce|revisit|bump",
    thing="parser|handler|option|helper|page|module|endpoint|query|script|fixture|config|dialog|cache|worker|schema|table|template|check|wrapper|hook",
)  # fmt: skip

DOMAIN = Domain(
    name="commit",
    tasks=(
        "Extract the commit.",
        "Read the git log.",
        "Parse this commit.",
        "What was committed, and by whom?",
        "Commit data, please.",
    ),
    fields={
        "hash": f("hash commit sha commit_hash revision id", HASH, "identifier of the commit"),
        "parent": f(
            "parent parent_hash previous_commit",
            code("?#?##?#", "##??##?", "#?##?##?"),
            "hash of the commit before",
        ),
        "author": g(
            "author committed_by developer",
            name=f("name full_name", PERSON, "who wrote the change"),
            email=f("email mail", EMAIL),
            handle=f("username handle login", HANDLE, "account name"),
        ),
        "reviewer": f("reviewer approved_by reviewed_by", PERSON, "who approved it"),
        "date": f("date committed_at timestamp authored_at when", datetime(), "when it was committed"),
        "message": f("message subject title summary", MESSAGE, "first line of the message without prefix"),
        "type": f(
            "type kind change_type category",
            choice(
                feature="feat|feature|new",
                fix="fix|bugfix|hotfix",
                documentation="docs|doc",
                refactoring="refactor|cleanup",
                test="test|tests",
                chore="chore|build|ci",
                performance="perf|optim",
            ),
            "kind of change",
        ),
        "scope": f("scope module component area", SERVICE, "part of the project"),
        "branch": f("branch branch_name ref target_branch", BRANCH, "branch that holds it"),
        "repository": f(
            "repository repo project",
            made("{x}/{x}", "{x}-{x}", "{x}/{w}-{w}", "{w}.git", "{x}-{w}"),
            "where it was pushed",
        ),
        "files": values("files changed_files paths files_changed", FILE, (1, 5), "newline bullet comma and"),
        "stats": rows(
            "file_stats stats changes diffstat",
            [
                "{file} | {added} + {removed} -",
                "{file} (+{added} -{removed})",
                "{added} {removed} {file}",
                "{file}: {added} added, {removed} removed",
                "M {file} +{added}/-{removed}",
            ],
            (1, 4),
            "newline bullet",
            file=f("file path filename", FILE),
            added=f("added insertions additions", integer(0, 400, words=0), "lines added"),
            removed=f("removed deletions", integer(0, 400, words=0), "lines deleted"),
        ),
        "insertions": f(
            "insertions additions lines_added added", integer(1, 2500, words=0), "number of lines added"
        ),
        "deletions": f(
            "deletions lines_removed removed", integer(1, 2500, words=0), "number of lines deleted"
        ),
        "file_count": f(
            "file_count files_changed_count number_of_files",
            integer(1, 60, words=0),
            "how many files changed",
        ),
        "issue": f(
            "issue closes ticket issue_number",
            integer(13, 9000, words=0, grouped=False),
            "number of the issue that it settles",
        ),
        "signed": f(
            "signed is_signed verified",
            flag("signed|with a valid signature|verified", "unsigned|without a signature|not verified"),
            "whether it carries a signature",
        ),
    },
    templates=(
        "commit {hash}\nAuthor: {author.name} <{author.email}>\nDate:   {date}\n\n    {message}[[\n\n    Closes #{issue}]][[\n\n {file_count} files changed, {insertions} insertions(+), {deletions} deletions(-)]]",
        "{hash} {type}({scope}): {message}",
        "{hash} ({author.name}, {date}) {message}",
        '<<On|In the branch>> {branch}, {author.name} committed {hash} on {date}: "{message}".[[ It changes {files}.]][[ {reviewer} approved it.]][[ The commit is {signed}.]]',
        "{type}: {message}\n\n{files}\n\nSigned-off-by: {author.name} <{author.email}>[[\nReviewed-by: {reviewer}]][[\nFixes: #{issue}]]",
        "@{author.handle} pushed {hash} to {repository}:{branch}\n{message}\n{stats}",
        "<<Hi|Hello|Hey>> {reviewer},\n\n<<could you look at|please review>> my commit {hash} in {repository}? It is meant to {message}[[ (issue {issue})]]. <<The diff has|There are>> {insertions} added and {deletions} removed lines in {file_count} files; line 88 is the tricky one.\n\n<<Thanks|Cheers>>\n{author.name}",
        "hash | parent | author | subject\n{hash} | {parent} | {author.handle} | {message}",
        "Repository: {repository}\nBranch: {branch}\nRevision: {hash}\n[[Parent: {parent}\n]]Committer: {author.name}\nWhen: {date}\n[[Signature: {signed}\n]]Log: {message}\nFiles:\n{files}",
        "[{branch} {hash}] {message}\n {file_count} files changed, {insertions} insertions(+), {deletions} deletions(-)\n[[{stats}]]",
        "<<Deploy bot|CI>>: build 771 of {repository} passed for {hash} ({type}, scope {scope}) by {author.handle}. +{insertions} -{deletions}. Previous commit: {parent}.",
        '{author.email} says "{message}" ({date}); issue number {issue}; commit {hash} is {signed}',
        "- sha: {hash}\n- kind: {type}\n- area: {scope}\n- text: {message}\n- by: {author.name}\n- approved by: {reviewer}\n- time: {date}\n[[- settles: #{issue}]]",
        "{stats}\n\n{hash} on {branch}: {message}, by {author.name}",
        "Merge request !52 by {author.name} ({author.handle}) <<was merged into|went into>> {branch} on {date} as {hash}. <<Title|Its title>>: {message}.[[ It touches {files}.]][[ Reviewer: {reviewer}.]][[ It resolves issue #{issue}.]]",
        "commit {hash}\nAuthor: {author.name}\nEmail: {author.email}\n[[Branch: {branch}\n]]Date: {date}\n\n{type}: {message}\n\n[[Files:\n{files}]]",
    ),
)
