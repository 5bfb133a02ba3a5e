"""Subscriptions: plan, price, billing interval, renewal, cancellation."""

from ..domain import Domain, f, g, values
from ..values import COMPANY, EMAIL, PERSON, choice, code, date, flag, integer, money, options

PLAN = options(
    "Basic", "Starter", "Pro", "Premium", "Business", "Enterprise", "Family", "Student", "Team", "Plus", "Essential", "Unlimited", "Solo", "Duo", "Silver",
    "Gold", "Platinum", "Light", "Advanced", "Growth", "Scale", "Ultimate", "Classic", "Explorer", "Creator", "Developer", "Hobby", "Standard", "Max", "Studio",
    "Weekend", "Digital Only",
)  # fmt: skip
SERVICE = options(
    "StreamHouse", "Daily Courier", "CloudBox", "FitZone", "MealMate", "PhotoVault", "Lingua Club", "AudioTales", "Green Basket", "CodeNest", "PayRoller",
    "Chess Weekly", "MapWorks", "Mailbird Desk", "Sleepwell", "NewsPilot", "SafeKey", "Wine Letters", "Toolshed", "Kino Plus", "Budgetly", "Planora", "Formstack",
    "Tea of the Month", "Yoga at Home", "BackupBuddy", "Invoice Hero", "Stock Radar", "Kids Read", "Citybike Pass", "Radiogram", "Sketchpad Cloud",
)  # fmt: skip
FEATURE = options(
    "offline mode", "4K video", "priority support", "no ads", "family sharing", "API access", "custom domain", "100 GB storage", "single sign-on", "audit log",
    "two-factor login", "unlimited downloads", "early access", "group classes", "sauna access", "printed edition", "crossword archive", "weekly newsletter",
    "free delivery", "data export", "white label", "phone hotline", "guest passes", "live events", "multi-device use", "version history", "dark theme",
    "team dashboard", "personal coach", "monthly report",
)  # fmt: skip

DOMAIN = Domain(
    name="subscription",
    tasks=(
        "Extract the subscription.",
        "Read the message about a subscription.",
        "Which subscription is this?",
        "Subscription record, please.",
    ),
    fields={
        "id": f(
            "id subscription_id subscription_number contract_number membership_id",
            code("SUB-#####", "S######", "##-##-####", "@@@-###", "M########"),
            "number of the subscription",
        ),
        "subscriber": g(
            "subscriber customer member account_holder",
            name=f("name full_name", PERSON, "who subscribes"),
            email=f("email email_address", EMAIL),
            company=f("company organisation employer", COMPANY),
        ),
        "service": f("service product service_name subscribed_to", SERVICE, "what is subscribed to"),
        "plan": f("plan tier plan_name package", PLAN, "name of the plan"),
        "price": f("price fee amount price_per_period", money(1, 400), "price of one billing period"),
        "interval": f(
            "interval billing_interval billing_cycle billed",
            choice(
                weekly="every week|weekly|once a week|each Monday",
                monthly="every month|monthly|once a month|on the first of each month",
                quarterly="every three months|quarterly|four times a year|each quarter",
                yearly="every year|yearly|annually|once a year|every twelve months",
            ),
            "how often it is charged|billing period",
        ),
        "start": f("start start_date started_on active_since", date(), "first day of the subscription"),
        "renewal": f(
            "renewal renewal_date renews_on next_billing next_payment",
            date(),
            "when it renews|the next charge",
        ),
        "end": f("end end_date ends_on cancelled_as_of expires", date(), "last day, if cancelled"),
        "status": f(
            "status state subscription_status",
            choice(
                active="active|running normally|in good standing|up and running",
                trial="still in the free trial|on trial|in the test phase|not charged yet because of the trial",
                paused="paused|on hold|frozen for the time being|suspended at the member's wish",
                cancelled="cancelled|terminated|ended by the customer|not going to be renewed",
                past_due="behind with payments|past due|blocked because the last charge failed",
            ),
            "where it stands",
        ),
        "auto_renew": f(
            "auto_renew automatic_renewal renews_automatically",
            flag(
                "renews automatically|automatic renewal is on|prolonged without further notice",
                "does not renew automatically|automatic renewal is off|simply expires at the end of the term",
            ),
            "whether it goes on by itself",
        ),
        "seats": f("seats users licences number_of_users", integer(1, 500), "how many people may use it"),
        "reason": f(
            "reason cancellation_reason reason_for_leaving",
            choice(
                too_expensive="it costs too much|the price went up too often|it does not fit my budget any more",
                not_used="I hardly ever use it|it just lies around unused|no time for it",
                switched="a competitor does it better|we moved to another provider|found an alternative",
                technical_problems="it keeps crashing|login never works|too many bugs",
                moving="I am moving abroad|we leave the area|it is not offered where I will live",
            ),
            "why the customer leaves",
        ),
        "features": values("features included perks extras", FEATURE, joins="comma and semicolon bullet"),
        "notice_days": f(
            "notice_days notice_period notice_period_days",
            integer(3, 120, words=0),
            "period of notice in days",
        ),
    },
    templates=(
        "<<Hi|Hello|Dear>> {subscriber.name},\n\n<<the next payment date of your {service} subscription is {renewal}|your next billing date for {service} is {renewal}>>. <<The fee is|The price is|It costs>> {price}[[, {interval}]].[[ Your plan: {plan}.]]\n\n<<Our hotline is busy on Mondays.|You can change the plan at any time in your account.|We added 40 new titles last season.>>\n\nThe {service} team",
        "To <<whom it may concern|the membership office|customer service>>\n\n<<I hereby cancel|Please cancel|I wish to terminate>> my {service} subscription, no. {id}, which is currently {status}, with effect from {end}. <<The reason is simple:|Why?|To be frank,>> {reason}.[[ I have been with you since {start}.]] <<Kindly confirm in writing.|I expect a written confirmation.>>\n\nYours sincerely\n{subscriber.name}",
        "Subscription: {id}\nService: {service}\nPlan: {plan}\nPrice: {price}\n<<Billed|Billing>>: {interval}\n<<Started|Since>>: {start}\n<<Next payment|Renewal date>>: {renewal}\n<<State|Status>>: {status}[[\nSeats: {seats}]][[\nNotice: {notice_days} days]]",
        "<<pls cancel|can you stop|end>> {service} for {subscriber.name}, last day {end}, {reason} (account shows: {status})",
        "{subscriber.company} <<has signed up for|took out|now uses>> {service}, plan {plan}, with {seats} seats from {start}. <<They pay|The price is|It costs>> {price}, {interval}. <<The sales call in the old office took three hours.|A rival offer had been rejected.|Legal looked at it twice.>>[[ Contract {id}: {auto_renew}.]][[ Notice period: {notice_days} days.]]",
        "{id} | {subscriber.name} | {service} | {plan} | {price} | {interval} | {status}",
        "<<Welcome to|You are in! Welcome to>> {service} {plan}!\n\n<<What you get|Included>>:\n{features}\nPrice: {price} ({interval})\nMember since: {start}\nYour membership number: {id}\nStatus: {status}\n<<Renewal|Good to know>>: {auto_renew}\n\n<<Sent to|Registered with>> {subscriber.email}",
        "Customer: <<hi|hello>>, what is going on with my {service} account? {id}\nSupport: <<let me look|one moment>>... {subscriber.name}, right? It is {status}.\nCustomer: <<and when is the next charge?|when will you bill me again?>>\nSupport: on {renewal}, {price}.\nCustomer: <<ok|hm, thanks>>",
        "Member {subscriber.name} ({subscriber.email})\n- product {service}, tier {plan}\n- {status}\n- {auto_renew}\n- from {start}[[ to {end}]]\n- {price}, {interval}\n[[- extras:\n{features}]]",
        "Subject: <<change of plan|upgrade|please upgrade>>\n\nHello,\n\nwe are {subscriber.company} and would like to <<switch to|go up to|change to>> the {plan} plan of {service}. We want:\n{features}\n<<We need|Please set us up with>> {seats} users. <<Is the price of {price} ({interval}) still right?|As agreed we pay {price}, {interval}.>>\n\n{subscriber.name}\n{subscriber.email}",
        'subscription {id} status="{status}" plan={plan} start={start} renewal={renewal} auto="{auto_renew}" email={subscriber.email}',
        '<<Note after a phone call|Call memo|Phone note>>: {subscriber.name} says "{reason}" and wants out of {service} by {end}. Subscription no. {id}, currently {status}. <<I offered a free tote bag, declined.|Offered three months at half price, no interest.>> Notice is {notice_days} days.',
        "Your plan: {plan}\n<<Costs|Fee>>: {price} - {interval}\nFeatures:\n{features}\n\n<<Users|Licences>>: {seats}\nTerm: {auto_renew}, notice {notice_days} days\nContract {id} with {subscriber.company}, start {start}",
        "Abonnement {id}\nName: {subscriber.name}\nE-Mail: {subscriber.email}\nDienst: {service} ({plan})\n<<Beginn|Start>>: {start}\nPreis: {price}\nNächste Abbuchung: {renewal}[[\nKündigungsfrist: {notice_days} Tage]]",
        "The subscription of {subscriber.name} to {service} ({plan}) is {status}. <<It began|It started>> on {start} and is charged {interval} at {price}.[[ Next billing date: {renewal}.]][[ Reference {id}.]] <<We have 2,000 members in the region.|The app was updated recently.>>",
        "<<Dear|Hello>> {subscriber.name},\n\nthank you for subscribing to {service}. <<Here are the details|In short>>:\n\nPlan: {plan}\nPrice: {price}, {interval}\nStart: {start}\nRenewal: {auto_renew}\nIncluded:\n{features}\n\n<<Best wishes|Yours>>\nCustomer care",
    ),
)
