"""Quotes: an offer with positions, validity, terms of delivery and payment."""

from ..domain import Domain, f, g, rows
from ..values import (
    CITY,
    COMPANY,
    EMAIL,
    PERSON,
    PHONE,
    choice,
    code,
    date,
    flag,
    integer,
    money,
    number,
    options,
    percent,
)

WORK = options(
    "painting of the stairwell", "window cleaning", "roof inspection", "server installation", "logo design", "garden maintenance", "translation", "catering for 40 guests",
    "asphalt repair", "network cabling", "photo shoot", "lift servicing", "website relaunch", "steel frame", "conference chairs", "data migration", "floor sanding",
    "boiler replacement", "office cleaning", "security audit", "scaffolding", "excavation", "print run of flyers", "solar modules", "staff training", "carpet tiles",
    "video editing", "tree felling", "alarm system", "furniture removal", "air duct cleaning", "pump station", "market survey", "exhibition booth",
)  # fmt: skip

DOMAIN = Domain(
    name="quote",
    tasks=(
        "Extract the quote.",
        "Read this offer.",
        "What is offered and at what terms?",
        "Quotation data, please.",
    ),
    fields={
        "number": f(
            "number quote_number quotation_no offer_number quote_id",
            code("Q-#####", "QUO####-##", "####/####", "OF######", "AN-####"),
            "number of the offer",
        ),
        "issued": f("issued quote_date offer_date issue_date", date(), "date of the offer"),
        "valid_until": f(
            "valid_until expires validity expiry_date valid_to", date(), "last day on which the offer holds"
        ),
        "vendor": g(
            "vendor supplier offered_by contractor bidder",
            company=f("company name", COMPANY, "who makes the offer"),
            contact=f("contact contact_person sales_rep", PERSON, "person in charge at the vendor"),
            phone=f("phone tel", PHONE),
            email=f("email mail", EMAIL),
        ),
        "client": g(
            "client customer recipient prospect",
            company=f("company name organisation", COMPANY, "who receives the offer"),
            city=f("city town site", CITY),
        ),
        "positions": rows(
            "positions items line_items services scope",
            [
                "{title}: {quantity} x {price}",
                "{title}, {hours} hours, {price} per hour",
                "{quantity} {title} at {price}",
                "{title} - {price}",
                "{title} ({quantity} units, {price} each)",
                "{title} | {quantity} | {price}",
            ],
            joins="newline bullet number semicolon",
            title=f("title description service item work", WORK, "what is offered"),
            quantity=f("quantity qty units", integer(1, 250), "number of units"),
            hours=f("hours estimated_hours effort_hours", number(1, 80, 1), "hours of work"),
            price=f("price unit_price rate", money(5, 4000), "price per unit or hour"),
        ),
        "subject": f("subject project title_of_offer what_for", WORK, "what the offer is about"),
        "net": f("net net_total subtotal net_amount", money(50, 40000), "sum before tax"),
        "total": f("total gross_total total_price offer_total", money(50, 50000), "final price"),
        "discount": f("discount discount_percent rebate", percent(), "discount in percent"),
        "lead_weeks": f(
            "lead_weeks lead_time delivery_weeks lead_time_weeks",
            integer(1, 30),
            "weeks until delivery or start",
        ),
        "payment_terms": f(
            "payment_terms terms terms_of_payment",
            choice(
                in_advance="payment in advance|full amount before we start|prepayment",
                on_delivery="payment on delivery|due at handover|to be paid when the goods arrive",
                net_30="30 days net|payable within thirty days of the invoice|one month after invoicing",
                instalments="in three instalments|a third at the start, a third halfway, the rest at the end|by monthly instalments",
            ),
            "when it is to be paid",
        ),
        "binding": f(
            "binding is_binding firm",
            flag(
                "a binding offer|a firm price|legally binding",
                "a non-binding estimate|without obligation|subject to change",
            ),
            "whether the vendor is bound by it",
        ),
        "outcome": f(
            "outcome status decision state",
            choice(
                open="still open|unanswered so far|waiting for the client",
                accepted="accepted|signed by the client|turned into an order",
                declined="declined|rejected by the client|lost to a competitor",
                expired="expired|lapsed without an answer|out of date",
                revised="being reworked|to be revised|sent back for changes",
            ),
            "what became of it",
        ),
        "travel_included": f(
            "travel_included travel_costs_included incl_travel",
            flag(
                "travel costs included|no extra charge for travel",
                "travel costs extra|travel is billed separately",
            ),
        ),
    },
    templates=(
        "{vendor.company}\n\n<<Quotation|Quote|Offer>> {number}\n<<Date|Issued>>: {issued}\n<<Valid until|Offer valid to>>: {valid_until}\n<<For|Client>>: {client.company}[[, {client.city}]]\n\n{positions}\n\n[[Net: {net}\n]][[Discount: {discount}\n]]Total: {total}\nTerms: {payment_terms}[[\nYour contact: {vendor.contact}, {vendor.phone}]]",
        "<<Dear|Hello>> <<Ms. Abbott|Mr. Lindqvist|team>>,\n\n<<thank you for your inquiry|many thanks for the pleasant visit|further to our call>>. <<We are pleased to offer you|We can offer>> the {subject} at {total}[[ ({discount} discount already deducted)]]. <<The lead time is|We need about>> {lead_weeks} week(s). This is {binding}[[; we keep the price until {valid_until}]].[[ Terms: {payment_terms}.]]\n\n<<Kind regards|Best wishes>>\n{vendor.contact}\n{vendor.company}[[\n{vendor.email}]]",
        "{number} | {issued} | {client.company} | {subject} | {total} | {outcome}",
        "<<got the offer from|heard back from>> {vendor.company}: {total} for {subject}, {lead_weeks} week(s), {payment_terms}, {travel_included}. <<ok with you?|bit much imo|thoughts?>> its valid till {valid_until} btw",
        "Quote no.: {number}\nOffered by: {vendor.company}\nRep: {vendor.contact}\nMail: {vendor.email}\nFor: {client.company}\nSubject: {subject}\nNet: {net}\nGross: {total}\nLead time: {lead_weeks} week(s)\nTerms of payment: {payment_terms}\nOutcome: {outcome}",
        "In its offer {number} of {issued}, {vendor.company} <<asks|wants>> {total} for the {subject}. <<It is|The paper calls it>> {binding}. <<Two other bids came in late and were not opened.|The council had set aside a larger budget.|The site was visited on a rainy Tuesday.>>[[ Work could start in {lead_weeks} week(s).]] Payment: {payment_terms}.[[ The state of affairs: {outcome}.]]",
        "* offer {number}\n* {vendor.company} to {client.company} ({client.city})\n* {subject}\n* {total}[[, {discount} off]]\n* until {valid_until}\n* {travel_included}\n* {binding}",
        "Purchasing: <<what did|how much did>> {vendor.company} quote?\nProject: {total}, net {net}\nPurchasing: <<for how long?|how long is that good for?>>\nProject: until {valid_until}\nPurchasing: <<and terms?|when do we pay?>>\nProject: {payment_terms}[[, and {travel_included}]]\nPurchasing: <<number?|ref please>>\nProject: {number}",
        "COST ESTIMATE\nfor {client.company}, {client.city}\n\n{positions}\n\nsum {net}\nwith tax {total}\n\n<<Note|Please note>>: {travel_included}; this is {binding}.\n{vendor.contact}, {vendor.company}, {vendor.phone}",
        "Subject: <<your offer|re: quotation>> {number}\n\nDear {vendor.contact},\n\n<<we have looked at your quotation dated {issued}|your offer of {issued} has been discussed>>. For our files we note that it is {outcome}.[[ Your price is {total}.]] <<The board also talked about the new car park.|We shall meet at the fair anyway.>> Delivery in {lead_weeks} week(s), {payment_terms}.\n\n{client.company}",
        "number;date;valid;vendor;client;net;total\n{number};{issued};{valid_until};{vendor.company};{client.company};{net};{total}",
        "<<CRM note|Pipeline entry>>: quote {number} ({total}) to {client.company} is {outcome}. {vendor.contact} <<follows up|will call them>>, valid until {valid_until}, {subject}.[[ Margin talk aside, discount stays at {discount}.]]",
        "Angebot {number} vom {issued}\nAnbieter: {vendor.company}\nAnsprechpartner: {vendor.contact}\nKunde: {client.company}, {client.city}\n{positions}\nNetto: {net}\n<<Gesamt|Endpreis>>: {total}\nGültig bis {valid_until}",
        "Please find our quotation below.\n\n1) Scope: {subject}\n2) Price: {total}\n3) Start: {lead_weeks} week(s) after the order\n4) Payment: {payment_terms}\n5) Travel: {travel_included}\n6) Nature of the offer: {binding}\n\n{vendor.company} ({vendor.contact})",
        "<<Dear customer|Dear Sir or Madam>>,\n\n<<as requested we offer|we are glad to offer>> {client.company}:\n{positions}\n\nThe total is {total}[[ after a discount of {discount}]]. Our quote {number} of {issued} is valid until {valid_until}. Payment: {payment_terms}.\n\nSincerely,\n{vendor.contact}\n{vendor.company}",
        "Quote {number}\nVendor: {vendor.company}\nClient: {client.company}\nDate: {issued}\nValid until: {valid_until}\nProject: {subject}\nLead time: {lead_weeks} week(s)\nTotal: {total}\nPayment terms: {payment_terms}[[\nStatus: {outcome}]]",
    ),
)
