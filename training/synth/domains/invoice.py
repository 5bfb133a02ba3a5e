"""Invoices: number, dates, parties, lines, totals."""

from ..domain import Domain, f, g, rows
from ..values import CITY, COMPANY, CURRENCY, EMAIL, PERSON, PHRASE, code, date, flag, integer, money, percent

DOMAIN = Domain(
    name="invoice",
    tasks=(
        "Extract the invoice.",
        "Read the invoice below.",
        "What does this invoice say?",
        "Invoice data, please.",
    ),
    fields={
        "number": f(
            "number invoice_number invoice_no invoice_id id reference",
            code("INV-####", "#####", "@@-####", "####/##", "R#######"),
            "the invoice's number|invoice identifier",
        ),
        "issued": f(
            "issued date invoice_date issue_date issued_on", date(), "the day of issue|when it was issued"
        ),
        "due": f("due due_date payment_due pay_by", date(), "the day by which to pay|payment deadline"),
        "vendor": g(
            "vendor seller supplier issuer",
            name=f("name company", COMPANY, "who sends the invoice"),
            city=f("city town", CITY),
            email=f("email contact_email", EMAIL),
        ),
        "customer": g(
            "customer buyer client bill_to",
            name=f("name full_name", PERSON, "who has to pay"),
            company=f("company organisation", COMPANY),
            email=f("email mail", EMAIL),
        ),
        "lines": rows(
            "lines items line_items positions",
            [
                "{quantity} x {description} at {unit_price}",
                "{quantity} {description}, {unit_price} each",
                "{description}: {quantity} pcs, {unit_price} per piece",
                "{description} ({quantity} units, {unit_price})",
                "{description} - {quantity} @ {unit_price}",
                "{description} {unit_price}",
                "{quantity}x {description} {unit_price}",
            ],
            joins="newline bullet number semicolon comma",
            quantity=f("quantity qty count amount", integer(1, 60), "how many"),
            description=f("description item name product article", PHRASE, "what was sold"),
            unit_price=f("unit_price price price_each", money(1, 900), "price of one"),
        ),
        "subtotal": f("subtotal net net_amount", money(), "sum before tax"),
        "tax_rate": f("tax_rate vat vat_rate", percent(), "tax in percent"),
        "total": f(
            "total total_amount amount_due grand_total amount",
            money(),
            "what has to be paid|sum including tax",
        ),
        "currency": f("currency currency_code", CURRENCY, "ISO currency code"),
        "paid": f(
            "paid is_paid settled",
            flag(
                "already paid|paid in full|payment received", "not yet paid|payment outstanding|still unpaid"
            ),
            "whether it has been paid",
        ),
    },
    templates=(
        "Invoice {number} was issued on {issued} by {vendor.name}[[ ({vendor.city})]] to {customer.name}.[[ It is due on {due}.]]\n{lines}\n<<Total|Total due|Amount due>>: {total}",
        "{vendor.name}\n[[{vendor.city}\n]][[{vendor.email}\n]]\nINVOICE {number}\nDate: {issued}\n[[Due: {due}\n]]Bill to: {customer.name}[[, {customer.company}]]\n\n{lines}\n\n[[Subtotal: {subtotal}\n]][[VAT: {tax_rate}\n]]Total: {total}[[\nCurrency: {currency}]][[\nStatus: {paid}]]",
        "Dear {customer.name},\n\n<<please find attached|attached is|here comes>> invoice {number} dated {issued} for:\n{lines}\n\n<<The total is|It comes to|In total:>> {total}[[, payable by {due}]].[[ This invoice is {paid}.]]\n\n<<Kind regards|Best wishes|Sincerely>>,\n{vendor.name}",
        "<<Reminder|Second reminder|Friendly reminder>>: invoice {number} over {total} was due on {due}.[[ It was sent to {customer.email} on {issued}.]][[ Our records say: {paid}.]]",
        "We bought {lines} from {vendor.name} on {issued}; the bill ({number}) says {total}[[ including {tax_rate} tax]].",
        "Customer: {customer.name} <{customer.email}>\nInvoice no. {number}\nIssued {issued}, due {due}\nNet {subtotal}, tax {tax_rate}, gross {total}\nPaid: {paid}",
        "{vendor.name} has billed {customer.company} {total} under invoice {number}[[ ({paid})]]. <<Contact|Questions go to>> {vendor.email}.[[ Deadline: {due}.]]",
        "Bill {number} / {issued}\nFrom: {vendor.name}, {vendor.city}\nTo: {customer.company}\n{lines}\nSum {total} {currency}",
    ),
)
