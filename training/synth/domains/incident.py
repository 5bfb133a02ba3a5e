"""Incidents of servers and services: when, what, how bad, why, timeline."""

from ..domain import Domain, f, rows, values
from ..software import HOST, SERVICE, made
from ..values import PERSON, choice, code, datetime, flag, integer, number, options, time

EVENT = made(
    "{X} alert fires", "{first} is paged", "rollback of {snake} started", "traffic moved to {w} cluster", "{snake} restarted",
    "error rate drops to {n} percent", "{n} pods evicted", "failover to replica {n}", "cache for {w} flushed", "first customer complains",
    "{w} queue reaches {n}k messages", "{first} joins the call", "config change {n} reverted", "disk {n} replaced", "all clear given",
    "deploy of {snake} finished", "certificate renewed", "status page updated", "{w} database set to read-only", "vendor {X} contacted",
)  # fmt: skip
SUMMARY = made(
    "{w} requests failing", "slow {w} pages", "{X} logins rejected", "{w} emails not delivered", "{snake} unreachable", "data in {w} table lost",
    "{n} percent of {w} calls timing out", "{w} jobs stuck", "wrong {w} prices shown", "{a} {w} images missing", "search for {w} returns nothing",
)  # fmt: skip

DOMAIN = Domain(
    name="incident",
    tasks=(
        "Extract the incident.",
        "Read the incident report.",
        "Summarise the outage as data.",
        "What happened to the service?",
        "Fill in the post-mortem.",
    ),
    fields={
        "id": f("incident_id id number incident", code("INC-####", "INC######", "IR-##", "P#-####", "####-@@"), "identifier of the incident"),
        "summary": f("summary title what_happened description symptom", SUMMARY, "what went wrong for users"),
        "service": f("service affected_service system component", SERVICE, "the service that was affected"),
        "host": f("host server hostname machine node", HOST, "the machine on which it began"),
        "severity": f(
            "severity sev level impact_level",
            choice(
                sev1="SEV1|sev-1|a complete outage|critical, everything down",
                sev2="SEV2|sev-2|a partial outage|major, many users affected",
                sev3="SEV3|sev-3|a degradation|minor, some slowness",
                sev4="SEV4|sev-4|hardly noticeable|negligible",
            ),
            "severity from 1 (worst) to 4",
        ),
        "started": f("started_at started start_time began start detected_at", datetime(), "when it began"),
        "resolved": f("resolved_at ended end_time resolved end", datetime(), "when it was over"),
        "duration": f("duration_minutes duration minutes downtime_minutes", integer(3, 900, words=0), "length in minutes"),
        "cause": f(
            "root_cause cause reason cause_category",
            choice(
                deployment="a faulty release|a bad deploy|a broken update",
                configuration="a wrong setting|a misconfiguration|an erroneous config change",
                hardware="a broken disk|a hardware failure|a dead power supply",
                network="a cut fibre|packet loss|a routing problem",
                capacity="too much load|a traffic spike|a lack of memory",
                third_party="an outage at a vendor|a failing external provider|trouble at our cloud supplier",
                certificate="an expired certificate|a TLS certificate that had run out",
            ),
            "category of the root cause",
        ),
        "users": f("affected_users users_affected impacted_users customers_affected", integer(14, 250000, words=0), "how many users noticed"),
        "error_rate": f("error_rate error_rate_percent failed_requests_percent", number(1, 100, 1), "share of failed requests in percent"),
        "region": f(
            "region datacenter zone location",
            options(*["eu-west-1", "eu-central-1", "us-east-1", "us-east-2", "us-west-2", "ap-south-1", "ap-southeast-2", "sa-east-1", "ca-central-1", "me-south-1", "af-south-1", "fra-1", "ams-3", "lon-2", "nyc-1", "sfo-3", "sgp-1", "tor-1", "blr-1", "syd-1", "europe-north1", "europe-west4", "asia-east1", "us-central1", "westeurope", "northeurope", "eastus2", "japaneast", "uksouth", "australiaeast", "hel-2", "zrh-1"]),
            "where it happened",
        ),
        "commander": f("incident_commander commander lead owner coordinator", PERSON, "who led the response"),
        "timeline": rows(
            "timeline events log history",
            ["{at} {what}", "{at} - {what}", "{at}: {what}", "{what} ({at})", "at {at}, {what}", "{at} | {what}"],
            (2, 5),
            "newline bullet semicolon",
            at=f("time at when", time(), "time of day"),
            what=f("event what action description", EVENT),
        ),
        "follow_ups": values(
            "follow_ups action_items next_steps remediation",
            made("add an alert for {w}", "document {snake}", "upgrade {X} to {n}", "write a test for {w}", "raise the {w} limit to {n}", "rotate the {w} keys",
                 "automate the {w} failover", "remove the {a} {w}", "train the {w} team", "review access to {snake}"),
            (1, 4), "newline bullet number semicolon",
        ),
        "data_loss": f("data_loss data_lost lost_data", flag("some data was lost|records are gone for good|there was data loss", "no data was lost|all data is intact|there was no data loss"), "whether data was lost"),
    },
    templates=(
        "Incident {id}: {summary}\nService: {service}\nSeverity: {severity}\nStarted: {started}\n<<Resolved|Ended|Over>>: {resolved}\n[[Root cause: {cause}\n]][[Commander: {commander}\n]][[Users affected: {users}]]",
        "On {started}, {service} <<went down|started to misbehave|failed>> in {region}. The <<reason|cause|trigger>> was {cause}.[[ For {duration} minutes, {error_rate} percent of all requests failed.]][[ {users} users <<noticed|were affected>>.]] <<Luckily|As far as we know>>, {data_loss}.",
        "POST-MORTEM {id}\n\nWhat happened: {summary}\nImpact: {severity}; {users} users\nTimeline:\n{timeline}\n\nRoot cause: {cause}\nFollow-ups:\n{follow_ups}",
        "<<:rotating_light: |ALERT |>>{service} on {host}: {summary}. sev: {severity}. since {started}. ic: {commander}",
        "Dear customers,\n\n<<we are sorry to report|we regret>> that between {started} and {resolved} our service {service} was disturbed ({summary}). It was due to {cause}. <<We can confirm|Our check showed>>: {data_loss}.[[ About {users} accounts were concerned.]]\n\n<<Sincerely|With apologies>>\n{commander}, head of operations",
        "{timeline}\n\n({id}, {service}, {region})",
        "id;service;region;severity;minutes\n{id};{service};{region};{severity};{duration}",
        "{commander}: I'm taking command of {id}\nbot: {service} in {region} - {summary}\nmika: looks like {cause}, started on {host}\n{commander}: ok. <<status|so>>: {data_loss}. next:\n{follow_ups}",
        "- incident: {id}\n- level: {severity}\n- duration: {duration} min\n- machine: {host}\n- failing requests: {error_rate} %\n- cause: {cause}\n[[- users hit: {users}\n]][[- zone: {region}]]",
        "<<Shift report|Night shift log>>. One incident ({id}) with {service}. Rated as {severity}. It began {started} on {host} and took {duration} minutes.[[ {commander} coordinated.]] Two other alerts turned out to be false alarms.\n{timeline}",
        "<<Status page|Status update>>\n{started}: we are looking into {summary}.\n{resolved}: solved. The problem was {cause}. Impact: {severity}.[[ Region: {region}.]]",
        "Short version: {cause} took out {host}, and with it {service}, for {duration} minutes. {users} users saw errors (rate {error_rate} %). To do:\n{follow_ups}",
        "Subject: [{severity}] {summary}\n\nHi all,\n\nincident {id} is over, it ended {resolved}. It had begun on {started}.[[ The culprit was {cause}.]] {data_loss}, says the database team. The review takes place in room 204.\n\n{commander}",
        "INCIDENT={id} SERVICE={service} HOST={host} REGION={region} START={started} MINUTES={duration} LEAD={commander}",
        "{service} <<was|has been>> disturbed from {started} to {resolved} ({duration} minutes): {summary}. The investigation led by {commander} found {cause}.[[ The error rate reached {error_rate} %.]] Level: {severity}.[[ What we will do:\n{follow_ups}]]",
        "Incident: {id}\nTitle: {summary}\nAffected system: {service}[[ ({region})]]\nSeverity: {severity}\nBegan: {started}\n[[Impacted users: {users}\n]][[Cause: {cause}\n]]\n{timeline}",
    ),
)
