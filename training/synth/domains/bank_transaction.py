"""Bank transactions: booking, amount, counterparty, accounts, balance."""

from ..domain import Domain, f, g
from ..values import (
    COMPANY,
    CURRENCY,
    PERSON,
    SENTENCE,
    choice,
    code,
    date,
    flag,
    integer,
    number,
    options,
    time,
)

BANK = options(
    "Northern Savings", "Harbour Bank", "First Mutual", "Volksbank", "Credit Agricole", "Union Trust", "City Bank", "Alpine Credit", "Postbank", "ING", "Santander",
    "Barclays", "UniCredit", "Nordea", "Rabobank", "HSBC", "Lloyds", "Sparkasse", "Monzo", "Revolut", "N26", "Danske Bank", "Handelsbanken", "KBC", "Sabadell",
    "Erste Bank", "Raiffeisen", "Westpac", "Scotiabank", "Wells Fargo", "Chase", "Bankinter",
)  # fmt: skip
PURPOSE = options(
    "rent", "salary", "electricity", "groceries", "school fees", "insurance premium", "loan instalment", "dinner last Friday", "donation", "tax refund", "gym fee",
    "phone bill", "concert tickets", "deposit for flat 3", "car repair", "birthday present", "piano lessons", "consulting fee", "water bill", "union dues",
    "holiday savings", "child benefit", "dentist", "office rent", "parking fine", "book royalties", "scholarship", "freelance work", "broadband", "pension",
    "club membership", "heating oil",
)  # fmt: skip

DOMAIN = Domain(
    name="bank_transaction",
    tasks=(
        "Extract the transaction.",
        "Read the bank's message.",
        "Turn the booking into a record.",
        "Which transaction is this?",
    ),
    fields={
        "reference": f(
            "reference transaction_id booking_reference ref transaction_reference",
            code("TX########", "##########", "@@##-####-##", "REF#####", "*******-***"),
            "the bank's number for the transaction",
        ),
        "booked": f("booked booking_date date posted_on transaction_date", date(), "day of booking"),
        "value_date": f("value_date valuta value_day", date(), "day from which interest counts|value date"),
        "time": f("time booking_time executed_at clock_time", time(), "time of execution"),
        "amount": f(
            "amount sum transaction_amount value", number(1, 9000, 2), "amount moved, without sign|how much"
        ),
        "currency": f("currency currency_code ccy", CURRENCY, "ISO code of the currency"),
        "direction": f(
            "direction transaction_direction flow sign",
            choice(
                credit="credited|incoming payment|money in|received on your account|credit entry",
                debit="debited|outgoing payment|money out|taken from your account|debit entry",
            ),
            "whether money came in or went out",
        ),
        "kind": f(
            "kind type transaction_type booking_type",
            choice(
                transfer="bank transfer|wire|giro transfer",
                direct_debit="direct debit|SEPA mandate collection|automatic collection by the payee",
                card_payment="card purchase|payment at a card terminal|card transaction",
                cash_withdrawal="withdrawal at a cash machine|ATM withdrawal|cash dispenser",
                standing_order="standing order|recurring order|regular order set up by the customer",
                fee="bank charges|account fee|charge for account keeping",
            ),
            "how the money moved",
        ),
        "counterparty": g(
            "counterparty partner other_party",
            name=f("name", COMPANY, "the other party, a company"),
            iban=f(
                "iban account account_number",
                code("DE##############", "GB##@@@@##########", "FR## #### #### ####", "########"),
                "account of the other party",
            ),
            bank=f("bank bank_name", BANK),
        ),
        "holder": f("holder account_holder customer client_name", PERSON, "owner of the account"),
        "account": f(
            "account account_number own_account account_no",
            code("########", "###-######", "NL##@@@@########", "*1234-####"),
            "the customer's own account",
        ),
        "purpose": f(
            "purpose description payment_purpose remittance_info", PURPOSE, "what the payment is for"
        ),
        "balance": f(
            "balance new_balance balance_after closing_balance",
            number(0, 60000, 2),
            "balance after the booking",
        ),
        "pending": f(
            "pending is_pending provisional",
            flag(
                "not final yet|still pending|provisionally reserved",
                "final|settled|definitive, cannot change any more",
            ),
            "whether the booking is still provisional",
        ),
        "suspicious": f(
            "suspicious flagged fraud_suspected",
            flag(
                "flagged for a fraud check|suspected fraud|unusual, please verify",
                "no irregularities|nothing unusual|passed the fraud check",
            ),
        ),
        "note": f("note free_text remark message", SENTENCE, "free text that came with it"),
        "fee_cents": f("fee_cents charge_cents fee_in_cents", integer(1, 950, words=0), "fee in cents"),
    },
    templates=(
        "<<Alert|Push message|Account notice>>: {amount} {currency} {direction}[[ at {time}]] on {booked}, {counterparty.name}. <<New balance|Balance now>>: {balance} {currency}.",
        "Booking date: {booked}\nValue date: {value_date}\n<<Type|Kind>>: {kind}\n<<Direction|In/out>>: {direction}\nAmount: {amount}\nCurrency: {currency}\n<<Counterparty|Other party>>: {counterparty.name}\n[[IBAN: {counterparty.iban}\n]]Purpose: {purpose}\nReference: {reference}[[\nStatus: {pending}]]",
        "Dear {holder},\n\n<<we write about|this concerns|please check>> a booking on your account {account}: on {booked} {amount} {currency} was booked, with {counterparty.name} as the other party - {direction}, {kind}. Our system says: {suspicious}.[[ The reference is {reference}.]] <<If in doubt, visit your branch with an identity card.|Our branch has new opening hours.|Never tell anyone your PIN.>>\n\n<<Sincerely|Yours faithfully>>\nCustomer protection",
        "<<Booked|Booking date>> | <<Value date|Valuta>> | Type | Party | Purpose | Amount | Ccy | <<Balance|New balance>>\n{booked} | {value_date} | {kind} | {counterparty.name} | {purpose} | {amount} | {currency} | {balance}",
        "{booked};{counterparty.name};{purpose};{amount};{currency};{direction};{reference}",
        "<<did the|has the>> {purpose} payment <<go through|come through>>? {counterparty.name}, {amount} {currency}\n<<yes,|checked:>> {pending}, {kind}, ref {reference}[[, dated {booked}]]",
        "On {booked} <<the account {account} of {holder} was moved by|there was a booking on account {account} of {holder} over>> {amount} {currency} ({direction}). <<It was a|Kind of booking:>> {kind}; <<the other side is|other party:>> {counterparty.name}, which banks with {counterparty.bank}. <<The auditor looked at 38 bookings in all.|No interest was due in that quarter.|A note of the branch manager, Ms. Orwell, is on file.>>[[ Closing balance: {balance}.]]",
        "TRANSACTION {reference}\n* {direction}: {amount} {currency}\n* {booked}[[ {time}]]\n* with {counterparty.name}[[ ({counterparty.bank})]]\n* {kind}\n* for: {purpose}\n[[* fee: {fee_cents} cents\n]]* {pending}",
        'Hello,\n\nI <<have a question about|would like to know more about|am writing about>> a booking of {booked}: {counterparty.name}, {amount} {currency}, {kind}. <<My account is|Account:>> {account}. <<Could you send me a copy of the slip?|I need the details for my tax return.|What was that again?>>[[ It says "{note}" in the text line.]] I have been a customer for 20 years.\n\n{holder}',
        "Statement line {reference}\nText: {note}\nPurpose: {purpose}\nParty: {counterparty.name} / {counterparty.iban} / {counterparty.bank}\nAmt: {amount} {currency}\nVal: {value_date}\nBal: {balance}",
        'ref={reference} date={booked} time={time} amt={amount} ccy={currency} party="{counterparty.name}" type="{kind}" check="{suspicious}"',
        "Teller: <<how can I help?|next, please>>\nClient: I am {holder}, account {account}. <<What is this|There's something about>> {amount} {currency} on {booked}?\nTeller: <<that is|I see, it is>> {direction}, {kind}, the other side is {counterparty.name}.[[ For {purpose}.]]\nClient: <<and what is left?|my balance then?>>\nTeller: {balance}.",
        "Umsatz {reference}\nBuchungstag: {booked}\nWertstellung: {value_date}\nBetrag: {amount} {currency}\nEmpfänger/Auftraggeber: {counterparty.name}\nIBAN: {counterparty.iban}\nVerwendungszweck: {purpose}\nNeuer Kontostand: {balance}",
        "<<Compliance note|Fraud desk|Monitoring>>: {reference} over {amount} {currency}, account {account} ({holder}), {kind}, {booked} {time}. Result: {suspicious}; {pending}.[[ Bank fee {fee_cents} cents.]]",
        "{holder}, account {account}: on {booked} {amount} {currency}, {direction}. <<Counterparty is|Other party:>> {counterparty.name}. <<Purpose given:|Text:>> {purpose}.[[ Value date {value_date}.]][[ Ref. {reference}.]] <<Statements appear monthly.|See also leaflet 9.>>",
        "Transaction details\n\nAccount: {account}\nDate: {booked}\nDescription: {kind}\nPayee or payer: {counterparty.name}\nDirection: {direction}\nAmount: {amount} {currency}\nBalance after: {balance}\n[[Fee: {fee_cents} cents\n]][[State: {pending}\n]]Reference no.: {reference}",
    ),
)
