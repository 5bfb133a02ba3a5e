"""Receipts: shop, time, items, tax, how it was paid."""

from ..domain import Domain, f, g, rows
from ..values import (
    CITY,
    COMPANY,
    FIRST_NAME,
    PHRASE,
    STREET,
    choice,
    code,
    date,
    flag,
    integer,
    money,
    options,
    percent,
    time,
)

PRODUCT = options(
    "milk 1L", "rye bread", "bananas", "cheddar", "dish soap", "AA batteries", "espresso", "croissant", "tomatoes", "olive oil", "toilet paper", "orange juice",
    "ground beef", "yoghurt", "shampoo", "toothpaste", "basmati rice", "dark chocolate", "sparkling water", "cat litter", "light bulb", "paper towels",
    "eggs 10 pcs", "lasagne", "red wine", "pretzel", "cappuccino", "veggie burger", "apple pie", "screwdriver", "wood glue", "notebook A5", "gel pen",
    "USB cable", "umbrella", "socks", "baseball cap", "postcard", "aspirin", "sunscreen", "motor oil", "ice cream", "pad thai", "lentil soup",
)  # fmt: skip

DOMAIN = Domain(
    name="receipt",
    tasks=(
        "Extract the receipt.",
        "Read this receipt.",
        "What was bought, where and when?",
        "Receipt data, please.",
    ),
    fields={
        "number": f(
            "number receipt_number receipt_no receipt_id",
            code("####", "R-#####", "##-####", "A######", "######"),
            "the receipt's number",
        ),
        "store": g(
            "store shop merchant",
            name=f("name store_name", COMPANY, "name of the shop"),
            street=f("street street_address", STREET),
            city=f("city town", CITY),
        ),
        "date": f("date purchase_date bought_on day", date(), "day of the purchase"),
        "time": f("time purchase_time time_of_sale", time(), "time of the purchase"),
        "cashier": f("cashier served_by clerk employee", FIRST_NAME, "first name of who served the customer"),
        "register": f(
            "register till till_number checkout_number", integer(1, 30, words=0), "number of the till"
        ),
        "items": rows(
            "items lines articles purchases goods",
            [
                "{quantity} x {name} {price}",
                "{name} {price}",
                "{name}: {price}",
                "{quantity} {name} - {price}",
                "{name} ({quantity}) {price}",
                "{name} .... {price}",
                "{quantity}* {name} @ {price}",
            ],
            count=(1, 5),
            joins="newline bullet semicolon comma",
            quantity=f("quantity qty count", integer(1, 12, words=0), "how many"),
            name=f("name item product description", PRODUCT, "what was bought"),
            price=f("price amount cost", money(1, 120), "price as printed on the line"),
        ),
        "subtotal": f("subtotal net sum_before_tax", money(1, 500), "sum without tax"),
        "tax": f("tax tax_amount vat_amount sales_tax", money(1, 90), "tax as an amount of money"),
        "tax_rate": f("tax_rate vat_rate vat_percent", percent(), "tax in percent"),
        "tip": f("tip gratuity service_tip", money(1, 30), "tip given"),
        "total": f("total total_amount amount_paid grand_total", money(1, 900), "what was paid in all"),
        "payment": f(
            "payment payment_method paid_with tender",
            choice(
                cash="cash|notes and coins|paid in cash|bar / cash",
                credit_card="credit card|Visa credit|Mastercard credit|American Express",
                debit_card="debit card|Maestro|bank card with PIN|girocard",
                mobile="Apple Pay|Google Pay|phone at the terminal|mobile wallet",
                gift_card="gift card|store voucher|gift certificate",
            ),
            "how it was paid",
        ),
        "card_digits": f(
            "card_digits last_four card_last4 last_digits", code("####"), "last four digits of the card"
        ),
        "loyalty": f(
            "loyalty loyalty_card points_collected member",
            flag(
                "bonus points collected|loyalty card scanned|member price applied",
                "no loyalty card|no bonus points|loyalty card not shown",
            ),
            "whether the customer used a loyalty card",
        ),
        "returnable": f(
            "returnable refundable can_return",
            flag(
                "returns accepted with this receipt|exchange possible within 14 days|may be returned unused",
                "no returns|final sale|no exchange or refund",
            ),
        ),
        "note": f("note purpose remark", PHRASE, "what the purchase was for"),
    },
    templates=(
        "{store.name}\n{store.street}\n{store.city}\n\n<<Receipt|Receipt no.|Bon>> {number}\n{date}  {time}\n[[Till {register}  ]][[Cashier: {cashier}]]\n-----------------\n{items}\n-----------------\n[[Subtotal {subtotal}\n]][[VAT {tax_rate}: {tax}\n]]TOTAL {total}\n{payment}\n<<Thank you, come again!|Have a nice day!|*** customer copy ***>>[[\n{returnable}]]",
        "{store.name} {store.city}\n{date} {time} #{number}\n{items}\n<<SUM|TOTAL|BALANCE DUE>> {total}\n[[TIP {tip}\n]]<<PAID|TENDER>>: {payment}[[\nCARD ************{card_digits}]]",
        "<<I went to|Was at|Stopped by>> {store.name} on {date} and <<got|bought|picked up>>:\n{items}\n<<Cost me|Came to|All together>> {total}[[, {payment}]].[[ Tip: {tip}.]][[ It was for: {note}.]] <<The car park was 2 hours free.|Queue was endless, 25 people or so.|Met Mrs. Dunn there, long chat.>>",
        "Store: {store.name}\nAddress: {store.street}, {store.city}\nDate: {date}\nTime: {time}\nReceipt-No: {number}\nRegister: {register}\nServed by: {cashier}\nTotal: {total}\nTax: {tax}\nMethod: {payment}",
        "receipt,{number},{store.name},{date},{time},{total},{payment}",
        "{cashier} <<served you|took your order>> at {time} on {date}\n\n{items}\n\nnet {subtotal}\ntax {tax}\ngross {total}\n[[gratuity {tip}\n]]\n<<{loyalty}|** {loyalty} **>>\n\n{store.name} - <<since 1974|wifi code: croissant99|follow us on social media>>",
        "<<Hi accounting|Hello Bea|Dear bookkeeping>>,\n\n<<here is|please book|attached is>> a receipt from {store.name}[[ in {store.city}]], dated {date}, number {number}: {total}[[ including {tax} VAT ({tax_rate})]]. <<Paid how?|Payment:>> {payment}. <<Purpose:|It was for>> {note}.\n\n<<Thanks|Cheers>>\n<<Rob|the Tuesday team>>",
        "<<Items|Bought>>:\n{items}\n\n| total | {total} |\n| paid | {payment} |\n| shop | {store.name} |\n| when | {date} |",
        "RECEIPT {number}\n\n* where: {store.name}, {store.street}\n* when: {date}, {time}\n* what:\n{items}\n* how much: {total}\n* how paid: {payment}[[ (card ending {card_digits})]]\n* {returnable}",
        "A: <<do you still have the slip from|what did we spend at>> {store.name}?\nB: yes, number {number}, {total} <<on|from>> {date}\nA: <<cash or what?|how did you pay?>>\nB: {payment}[[, card ends in {card_digits}]]\nA: <<tax?|and the VAT on it?>>\nB: {tax}[[, that's {tax_rate}]]",
        "TILL {register} / {cashier} / {time}\n{items}\nSUBTOTAL {subtotal}\nTAX {tax_rate}\nTOTAL {total}\n<<loyalty info|club>>: {loyalty}\n<<returns info|exchange>>: {returnable}",
        "The slip, found in <<a coat pocket|a library book|the glove box>>, is from {store.name} of {store.street} in {store.city}; it <<is dated|bears the date>> {date} and lists:\n{items}\n<<At the bottom|In bold>> it says {total}. <<Someone scribbled a phone number on the back.|The ink has nearly faded.|Part of the logo is torn off.>>[[ It was {time} when the till printed it.]]",
        "Kassenbon Nr. {number}\n{store.name}, {store.street}, {store.city}\nDatum: {date}  Uhrzeit: {time}\n{items}\nZwischensumme {subtotal}\nMwSt. {tax}\n<<Gesamt|Summe>> {total}[[\nEs bediente Sie: {cashier}]][[\nKasse {register}]]",
        "ticket {number} {store.name} {date} {time}: {items} = {total} / {payment} / {loyalty}",
        "{store.name}\n{store.street}, {store.city}\n{date} {time}\n\n{items}\n\nTotal: {total}\nPayment: {payment}\n[[Card no. ending in {card_digits}\n]][[Tip: {tip}\n]]Receipt {number}\n{loyalty}",
        "<<Bought at|Purchase at>> {store.name} in {store.city} on {date} at {time}:\n{items}\nSubtotal {subtotal}, tax {tax}, total {total}.[[ Paid: {payment}.]][[ Cashier was {cashier}, till {register}.]] <<Please keep this slip.|Prices include packaging.>>",
    ),
)
