"""To-dos: what, who, until when, how urgent."""

from ..domain import Domain, f, rows, values
from ..software import made
from ..values import FIRST_NAME, PERSON, choice, code, date, flag, integer, number, options, time

TITLE = made(
    "buy {a} {w}", "call {X} about the {w}", "clean the {w}", "repair the {a} {w}", "write the {w} report", "send {n} {w} invitations", "pay the {w} bill",
    "renew the {w}", "book a {w} for {n} people", "return the {w} to {X}", "paint the {w} {a}", "review the {w} draft", "water the {w}", "pick up the {w}",
    "migrate the {w} database", "prepare the {w} talk", "order {n} boxes of {w}", "sort out the {w}", "cancel the {w} subscription", "back up the {w} server",
    "finish chapter {n}", "learn {n} words of {X}", "plan the {w} trip", "sign the {w} contract", "refactor {snake}", "sell the old {w}",
)  # fmt: skip
NOTE = made(
    "ask {first} first",
    "bring the {a} {w}",
    "see page {n} of the manual",
    "the key is under the {w}",
    "use the {X} template",
    "{first} has the {w}",
    "needs {n} screws",
    "do not forget the {w}",
)
TAGS = "home work garden errands family finance health inbox phone shopping school travel reading car pets computer office kitchen sports music writing taxes ideas someday waiting-for house club church study admin legal marketing".split()

DOMAIN = Domain(
    name="task",
    tasks=(
        "Extract the task.",
        "Add this to the to-do list.",
        "Read the to-do.",
        "What has to be done?",
        "Create a task from the message.",
    ),
    fields={
        "id": f(
            "id task_id key number", code("TASK-###", "T####", "@@-###", "#####"), "identifier of the task"
        ),
        "title": f("title task name todo summary", TITLE, "what has to be done"),
        "note": f("notes note comment details", NOTE, "remark on the task"),
        "assignee": f("assignee owner assigned_to responsible who", PERSON, "who has to do it"),
        "creator": f("created_by creator author requested_by reporter", PERSON, "who wants it done"),
        "due": f("due_date due deadline due_on by", date(), "the day by which it must be done|deadline"),
        "start": f("start_date start start_on not_before", date(), "first day of work on it"),
        "reminder": f("reminder_time remind_at reminder alarm", time(), "time of day of the reminder"),
        "priority": f(
            "priority importance urgency prio",
            choice(
                low="low priority|nice to have|not pressing|unimportant",
                medium="medium priority|of normal importance|moderately important",
                high="high priority|urgent|really important|pressing",
            ),
            "how important it is",
        ),
        "status": f(
            "status state progress",
            choice(
                todo="not started|still to be done|untouched|in the backlog",
                in_progress="in progress|under way|begun but not finished|half done",
                blocked="blocked|stuck|waiting for somebody else|held up",
                done="done|finished|completed|ticked off",
            ),
            "how far it is",
        ),
        "project": f(
            "project list board project_name",
            made("{X}", "{w} {w}", "Project {X}", "{a} {w} move", "{X} relaunch", "House of {X}"),
            "the project or list it belongs to",
        ),
        "tags": values("tags labels categories", options(*TAGS), (1, 4), "comma and semicolon"),
        "hours": f(
            "estimate_hours estimate effort hours estimated_hours",
            number(0.5, 40, 1),
            "expected work in hours",
        ),
        "percent": f(
            "percent_complete progress_percent completion",
            integer(13, 99, words=0),
            "how much is done, in percent",
        ),
        "subtasks": values("subtasks checklist steps", TITLE, (1, 5), "newline bullet number semicolon"),
        "repeat": f(
            "recurrence repeat repeats frequency",
            choice(
                none="one-off|just this once|not to be repeated",
                daily="every day|daily|each morning",
                weekly="every week|weekly|once a week",
                monthly="every month|monthly|on the first of each month",
                yearly="every year|yearly|once a year",
            ),
            "how often it recurs",
        ),
        "private": f(
            "private is_private hidden",
            flag(
                "private|visible to nobody else|for my eyes only",
                "shared with the team|public|visible to everyone",
            ),
            "whether others cannot see it",
        ),
        "comments": rows(
            "comments remarks discussion",
            ["{by}: {text}", "{by} wrote: {text}", "{by} - {text}", "{text} ({by})"],
            (1, 3),
            "newline bullet",
            by=f("author by name", FIRST_NAME),
            text=f("text comment body", NOTE),
        ),
    },
    templates=(
        "* {title} (due {due})[[ - {priority}]][[ - {assignee}]]",
        "<<TODO|To do|Task>>: {title}\nOwner: {assignee}\nDue: {due}\nPriority: {priority}\n[[Status: {status}\n]][[Project: {project}\n]][[Tags: {tags}\n]][[Notes: {note}]]",
        "<<Remind me to|Don't let me forget to|I have to|I need to>> {title}[[ by {due}]].[[ It's {priority}.]][[ Set the alarm to {reminder}.]][[ Put it on the list {project}.]] It is {repeat}.",
        "<<Hi|Hello|Dear>> {assignee},\n\n<<could you please|can you|would you mind to>> {title}[[ until {due}]]? <<This is|I consider it>> {priority}[[ and should take about {hours} hours]].[[ Note: {note}.]]\n\n<<Thanks|Thank you|Best>>,\n{creator}",
        "{id} | {title} | {assignee} | {status} | {due}[[ | {priority}]]",
        "{project}\n=======\n{title}\n{subtasks}\n\n<<deadline|due>> {due}, {priority}[[, {percent} % complete]]",
        'Task {id} ("{title}") is {status}.[[ {assignee} has done {percent} percent of it.]] <<It was created by|The request came from>> {creator}[[, with an estimate of {hours} hours]].[[ The deadline is {due}.]][[ It is {private}.]]',
        "ok so for {project}: {assignee} is going to {title}, starting {start}, done by {due}. tags: {tags}. prio: {priority}. <<sounds good|ok for all 4 of us>>?",
        "id: {id}\nsummary: {title}\nassigned to: {assignee}\nreporter: {creator}\nstate: {status}\nestimate: {hours} h\n[[labels: {tags}\n]]comments:\n{comments}",
        "- what: {title}\n- who: {assignee}\n- from: {start}\n- until: {due}\n- how often: {repeat}\n- access: {private}\n[[- remark: {note}]]",
        "{creator} assigned {id} to {assignee}: {title}. Checklist: {subtasks}. The item is {priority}[[ and {private}]]; version 3 of the plan is attached.",
        "{title} #{id}\n{comments}\nstate: {status}, {percent}% - estimated {hours}h",
        "<<Note to self|Memo>>: {title}, {repeat}, alarm at {reminder}. ({note})",
        "BEGIN\nSUMMARY: {title}\nDTSTART: {start}\nDUE: {due}\nCATEGORIES: {tags}\nPERCENT: {percent}\nORGANIZER: {creator}\nEND",
        "{assignee} <<has to|needs to|should>> {title}[[ for {project}]] by {due}. <<The task is|It is>> {priority} and {status}.[[ {creator} expects {hours} hours of work.]][[ Subtasks:\n{subtasks}]]",
        "Title: {title}\n[[List: {project}\n]]Assignee: {assignee}\nDeadline: {due}\nImportance: {priority}\nState: {status}\n[[Repeat: {repeat}\n]][[Labels: {tags}\n]][[Checklist:\n{subtasks}]]",
    ),
)
