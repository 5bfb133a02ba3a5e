"""Support tickets: who has which problem with what, how urgent, what was tried."""

from ..domain import Domain, f, g, values
from ..software import PRODUCT, STEP, TITLE
from ..values import COMPANY, EMAIL, PERSON, PHONE, choice, code, date, flag

DOMAIN = Domain(
    name="ticket",
    tasks=(
        "Extract the support ticket.",
        "Read the request to the help desk.",
        "Triage this message.",
        "Fill in the ticket.",
        "What does the customer need?",
    ),
    fields={
        "number": f(
            "ticket_id id number ticket_number case_number reference",
            code("TCK-####", "#####", "SUP-#####", "CS######", "@@##-###", "REQ/####/##"),
            "the ticket's number|identifier of the case",
        ),
        "subject": f("subject title problem issue summary", TITLE, "the problem in short|what is wrong"),
        "customer": g(
            "customer requester client user reported_by",
            name=f("name full_name contact", PERSON, "who asks for help"),
            email=f("email mail email_address", EMAIL),
            company=f("company organisation account", COMPANY, "the customer's company"),
            phone=f("phone callback_number telephone", PHONE),
        ),
        "agent": f(
            "agent assigned_to assignee handled_by support_agent",
            PERSON,
            "the member of staff who deals with it",
        ),
        "product": f("product product_name affected_product system", PRODUCT, "the product it is about"),
        "category": f(
            "category type topic department area",
            choice(
                billing="billing|invoices and charges|payments|refunds and fees",
                technical="technical problems|errors and crashes|malfunctions|things that do not work",
                account="account access|logins and passwords|user accounts|locked profiles",
                delivery="shipping|deliveries|lost parcels|transport",
                feature_request="feature requests|wishes and ideas|suggestions for improvement",
                cancellation="cancellations|ending a contract|closing subscriptions",
            ),
            "the kind of request|which team it belongs to",
        ),
        "priority": f(
            "priority urgency severity importance",
            choice(
                low="low priority|not urgent|no rush at all|something that can wait",
                medium="medium priority|of normal urgency|routine|of average importance",
                high="high priority|urgent|pressing|very important",
                critical="critical|an emergency|top priority|blocking all our work",
            ),
            "how urgent it is|urgency of the ticket",
        ),
        "status": f(
            "status state ticket_status",
            choice(
                open="open|still open|unanswered|newly filed",
                in_progress="in progress|being worked on|under investigation",
                waiting="waiting for the customer|on hold|pending a reply",
                resolved="resolved|solved|fixed",
                closed="closed|archived|shut for good",
            ),
            "where the ticket stands",
        ),
        "channel": f(
            "channel source received_via contact_channel",
            choice(
                email="by e-mail|by mail to the help desk|in an e-mail",
                phone="over the phone|by telephone|in a call to the hotline",
                chat="in the live chat|by chat|through the chat window",
                web="through the web form|on the support portal|via the website",
            ),
            "how the request came in",
        ),
        "opened": f(
            "opened_on opened created date reported_on created_at", date(), "day on which it was filed"
        ),
        "escalated": f(
            "escalated is_escalated second_level",
            flag(
                "escalated|passed on to second level|handed to a specialist",
                "not escalated|kept at first level|handled by first level",
            ),
            "whether it went to second level",
        ),
        "steps": values(
            "steps steps_taken attempts troubleshooting actions",
            STEP,
            (1, 4),
            "newline bullet number semicolon",
        ),
    },
    templates=(
        "Ticket {number}\nSubject: {subject}\n<<Customer|Requester|From>>: {customer.name}[[ ({customer.company})]]\nProduct: {product}\nPriority: {priority}\n[[Category: {category}\n]][[Status: {status}\n]][[Assigned to: {agent}\n]]Opened: {opened}",
        "<<Hello|Hi|Dear support team|Good morning>>,\n\n<<my|our>> {product} <<has a problem|is giving us trouble|worries me>>: {subject}. <<This is|For us this is>> {priority}.[[ I have already tried the following:\n{steps}]]\n\n<<Please help|Can somebody have a look>>![[ You can reach me at {customer.phone}.]]\n\n<<Regards|Thanks|Kind regards>>,\n{customer.name}[[\n{customer.company}]]",
        "{customer.name} <<called|got in touch|wrote to us>> on {opened} <<about|because of|with a question on>> {product}.[[ The request came in {channel}.]] The problem: {subject}. <<I filed it under|It went into the queue for>> {category}[[ with the number {number}]].[[ It is {priority}.]]",
        "[{number}] {subject} - {product} - {priority} - {status}",
        "<<NEW TICKET|Incoming case|New case>> {number}\nreceived {channel} on {opened}\n\nfrom {customer.email}\nre: {subject}\n\nsteps so far:\n{steps}\n\n[[owner: {agent}\n]]state: {status}",
        "{agent}: hi, this is {agent} from support, how can I help?\n{customer.name}: <<hey|hello|hi there>>, it's about {product}. {subject} :(\n{agent}: <<what did you try|what have you done so far>>?\n{customer.name}:\n{steps}\n{agent}: <<ok|thanks|alright>>, I've opened {number} for you[[, {priority}]].",
        "<<Case|Ticket|Request>> | {number}\nAccount | {customer.company}\nContact | {customer.name}, {customer.email}\nTopic | {category}\nUrgency | {priority}\nEscalation | {escalated}\n[[Agent | {agent}\n]]",
        "Case {number} <<of|for>> {customer.company} is {status} and {escalated}.[[ {agent} is looking after it.]] <<The issue|What happened|Reported problem>>: {subject} ({product}).[[ It was reported {channel} on {opened}.]]",
        "Dear {customer.name},\n\n<<thank you for contacting us|we have received your message>> of {opened}. <<Your request|It>> has the reference {number} and is now {status}.[[ My colleague {agent} will take care of it.]] <<In the meantime please try this|Until then, the following may help>>:\n{steps}\n\nOur office is open from 9 to 5.\n<<Best regards|Yours sincerely>>\nThe {product} support team",
        "handover note: {number} / {customer.name} / {subject}. {priority}[[, {escalated}]]. Tried: {steps}. <<Call back|Phone>> {customer.phone}[[ or write to {customer.email}]].",
        "- id: {number}\n- reporter: {customer.name}\n- mail: {customer.email}\n- what: {subject}\n- where: {product}\n- how bad: {priority}\n- belongs to: {category}\n[[- created: {opened}\n]][[- state: {status}\n]]",
        "To whom it may concern: since 3 days our {product} is unusable ({subject}). We at {customer.company} have 40 people waiting. The case is {priority}, and yet ticket {number} of {opened} is {status}! I demand to talk to {agent}'s boss.\n{customer.name}\n{customer.phone}",
        "<<Weekly digest|Queue report>>: of 14 tickets about {category}, the oldest is {number} ({customer.company}, {opened}). It is {status}, {escalated}, and assigned to {agent}.",
        "subject={subject}; product={product}; prio={priority}; customer={customer.name}; phone={customer.phone}; queue={category}; opened={opened}",
        "<<Hello|Hi team|Dear Sir or Madam>>,\n\n<<I am writing|I write|we write>> because of {product}: {subject}. <<It is|I would call this>> {priority}.[[ What I did:\n{steps}\n]] <<My earlier ticket|The reference>> is {number}.[[ Please reply to {customer.email}.]]\n\n{customer.name}[[, {customer.company}]]",
        "Ticket: {number}\nClient: {customer.name}\n[[E-mail: {customer.email}\n]]Item: {product}\nIssue: {subject}\n[[Type: {category}\n]]Urgency: {priority}\nState: {status}\n[[Handled by: {agent}\n]][[Steps:\n{steps}]]",
    ),
)
