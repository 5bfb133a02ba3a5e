"""Refund requests: who wants what back, why, how much, where to."""

from ..domain import Domain, f, g, rows
from ..values import COMPANY, EMAIL, PERSON, PHONE, choice, code, date, flag, integer, money, options

ITEM = options(
    "winter coat", "hair dryer", "running shoes", "train ticket", "hotel room", "gaming mouse", "wall shelf", "concert ticket", "baby seat", "smart bulb", "suitcase",
    "frying pan", "phone case", "e-book reader", "wedding dress", "air mattress", "wine glasses", "language course", "printer ink", "garden chair", "sunglasses",
    "duvet cover", "drone", "electric kettle", "puzzle", "bicycle pump", "headphones", "make-up set", "tablet cover", "flight to Oslo", "dog bed", "curtains",
    "tennis racket", "alarm clock",
)  # fmt: skip

DOMAIN = Domain(
    name="refund_request",
    tasks=(
        "Extract the refund request.",
        "Read the complaint.",
        "What does the customer want back?",
        "Fill in the refund ticket.",
    ),
    fields={
        "case": f(
            "case case_number ticket_id case_id ticket",
            code("RMA-#####", "C#######", "TK-####", "##/####"),
            "number of the case|RMA or ticket number",
        ),
        "order": f(
            "order order_number order_id purchase_number",
            code("ORD-#####", "########", "@@######", "W-###-###"),
            "the order in question",
        ),
        "customer": g(
            "customer claimant buyer requester",
            name=f("name full_name", PERSON, "who wants the money back"),
            email=f("email mail", EMAIL),
            phone=f("phone telephone", PHONE),
        ),
        "merchant": f("merchant shop seller vendor", COMPANY, "who sold it"),
        "item": f("item product article item_name", ITEM, "what was bought"),
        "returned_items": rows(
            "returned_items items articles returns",
            [
                "{name}, {quantity} pcs, {refund}",
                "{quantity} x {name} ({refund})",
                "{name} / {quantity} / {refund}",
                "{name}: {refund}",
                "{quantity} {name}, worth {refund}",
            ],
            joins="newline bullet number semicolon",
            name=f("name item product", ITEM),
            quantity=f("quantity qty count", integer(1, 9)),
            refund=f("refund amount value", money(3, 600), "money to be paid back for this line"),
        ),
        "bought": f("bought purchase_date bought_on date_of_purchase", date(), "when it was bought"),
        "requested": f(
            "requested request_date requested_on claim_date", date(), "when the refund was asked for"
        ),
        "amount": f(
            "amount refund_amount claimed_amount amount_claimed",
            money(3, 2500),
            "how much the customer wants back",
        ),
        "reason": f(
            "reason refund_reason cause reason_for_return",
            choice(
                damaged="it arrived damaged|the box came crushed|there was a crack in it on arrival|it was broken when I unpacked it",
                defective="it stopped working|it does not switch on|it is faulty|it failed after two days",
                wrong_item="I got something else than I ordered|the wrong article was in the parcel|you sent a different model",
                not_received="it never arrived|nothing has been delivered to this day|the parcel got lost",
                wrong_size="it does not fit|it is too small|it is far too big for me",
                changed_mind="I no longer need it|I changed my mind|I simply do not like it",
                duplicate_charge="I was charged twice|the amount was taken from my card two times|you billed the same thing double",
            ),
            "why the money is wanted back",
        ),
        "wish": f(
            "wish desired_resolution preferred_solution outcome_wanted",
            choice(
                refund="money back|a full refund to my account|the price returned",
                replacement="a new one in exchange|a replacement|another piece of the same model",
                store_credit="a voucher for your shop|store credit|a credit note for later purchases",
                repair="a repair free of charge|a proper repair at your cost|a repair under warranty",
            ),
            "what the customer would like",
        ),
        "iban": f(
            "iban account bank_account refund_account",
            code("DE##############", "GB##@@@@##########", "AT################"),
            "account for the refund",
        ),
        "opened": f(
            "opened unsealed was_used",
            flag(
                "opened and tried out|no longer in its sealed packaging|already used",
                "unopened|still sealed|never used",
            ),
            "whether the goods had been opened",
        ),
        "evidence": f(
            "evidence photos_attached proof_attached has_photos",
            flag(
                "photos attached|see the pictures enclosed|receipt enclosed as proof",
                "no photos available|nothing attached|I have no pictures",
            ),
        ),
        "deadline": f("deadline answer_by reply_by respond_by", date(), "day by which an answer is expected"),
        "status": f(
            "status state decision",
            choice(
                new="not looked at yet|unread|waiting to be assigned",
                in_review="under review|being examined by the service team|with the inspectors",
                approved="approved|accepted|granted",
                rejected="rejected|refused|turned down",
                paid="paid out|already transferred|settled",
            ),
        ),
    },
    templates=(
        "Dear <<Sir or Madam|customer service|complaints department>>,\n\non {bought} I <<bought|ordered|purchased>> <<a|one>> {item} from {merchant} (order {order}). <<Unfortunately|Regrettably|I am sorry to say>>: {reason}.[[ It is {opened}.]] I therefore <<ask for|claim|request>> {wish}; <<it is about|the value is>> {amount}.[[ My account, in case you need it: {iban}.]][[ Please answer by {deadline}.]]\n\n<<My neighbour had the same trouble.|I have been a loyal customer for 12 years.|Your hotline kept me waiting for 40 minutes.>>\n\nYours faithfully\n{customer.name}",
        "<<hey|hi>>, order {order}: {reason}. <<want|i want|id like>> {wish} pls. {item}, {amount}.[[ {evidence}]] - {customer.name}[[ {customer.phone}]]",
        "Ticket: {case}\nCustomer: {customer.name}\nE-mail: {customer.email}\nOrder: {order}\n<<Item|Product>>: {item}\n<<Reason|Problem>>: {reason}\n<<Wish|Wants>>: {wish}\n<<Amount|Claim>>: {amount}\n[[Requested on: {requested}\n]]State: {status}",
        "<<Case|Ticket>> | Requested | Customer | Item | <<Amount|Claim>> | State\n{case} | {requested} | {customer.name} | {item} | {amount} | {status}",
        "<<Return form|Returns slip>> - {merchant}\nOrder no. {order}[[, bought {bought}]]\nName: {customer.name}\n\n{returned_items}\n\n<<Reason (own words)|Why do you return it?>>: {reason}\n<<Condition|State of the goods>>: {opened}\nI would like: {wish}\nBank account: {iban}",
        "Customer: <<Hello, I need help.|Hi, are you a human?>> It's about {order}, the {item}.\nAgent: <<Sure.|Of course.>> What is wrong?\nCustomer: {reason}\nAgent: <<Oh, sorry!|I see.>> What would you like?\nCustomer: {wish}[[, it was {amount}]]\nAgent: <<Noted.|Done.>> Case {case}[[ for {customer.name}]]. You will hear from us by {deadline}.",
        '<<The request of|The claim by>> {customer.name} over {amount} is {status}. It <<concerns|is about>> the {item} from order {order}, bought on {bought}. <<The reason given:|Stated reason:>> "{reason}". <<A file of 22 pages exists.|The branch in Hull was not involved.|The marketing mail of that week has nothing to do with it.>>[[ Evidence: {evidence}.]]',
        "From: {customer.email}\nSubject: <<refund|refund please|complaint>> {order}\n\n<<Hello|Good evening|To the team of {merchant}>>,\n\n{reason}. <<It's the|I mean the>> {item} of {bought}. {evidence}. <<I think it fair to get|I would accept>> {wish}.\n\n<<Regards|Disappointed>>\n{customer.name}\n{customer.phone}",
        '- case {case}\n- buyer: {customer.name}\n- seller: {merchant}\n- cause: "{reason}"\n- goods {opened}\n- {evidence}\n- {amount}, to {iban}',
        "<<Dear|Hello>> {customer.name},\n\nwe <<have received|confirm>> your request of {requested} about order {order}:\n{returned_items}\n\nYour case number is {case}; it is {status}. <<We pay in general within a fortnight.|Use the enclosed label for sending goods.>> You asked for: {wish}.[[ The account we have on file is {iban}.]]\n\n{merchant}",
        "<<Second reminder|Last warning|Final notice>> to {merchant}: your answer about the {item} (order {order}, {amount}, request of {requested}) is overdue. I asked for {wish}[[; account {iban}]]. Reply by {deadline}, or <<I go to court|my lawyer takes over|I write to the consumer board>>. {customer.name}",
        "case={case};order={order};name={customer.name};reason={reason};resolution={wish};opened={opened};status={status};amount={amount}",
        "Rückgabe zu Bestellung {order}\nKunde: {customer.name} ({customer.email})\nArtikel: {item}\nKaufdatum: {bought}\nBetrag: {amount}\nKonto: {iban}[[\nVorgang: {case}]][[\nHändler: {merchant}]]",
        '<<Memo to the service desk|Desk note>>: {customer.name} called ({customer.phone}). Says: "{reason}". Product {item}, {opened}. Wants {wish}. <<Was friendly.|Was rather angry.|Spoke with a strong cold.>> Opened {case}, answer promised by {deadline}.',
        "<<Hello|Dear team>>,\n\nI would like to return the {item} I bought on {bought} (order number {order}). The reason: {reason}. It is {opened}. <<I would like|I ask for>> {wish}. The amount in question is {amount}[[, my account is {iban}]].\n\n<<Thank you|Kind regards>>,\n{customer.name}\n{customer.email}",
        "Refund request {case}\nDate: {requested}\nOrder: {order}\nCustomer: {customer.name}\nItem: {item}\nAmount requested: {amount}\nReason: {reason}\nDesired resolution: {wish}\nAttachments: {evidence}[[\nStatus: {status}]]",
    ),
)
