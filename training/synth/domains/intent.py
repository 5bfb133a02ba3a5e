"""Intents: what a short message to customer service wants, about what, how urgently."""

from ..domain import Domain, f
from ..values import EMAIL, FIRST_NAME, PERSON, PHONE, PHRASE, choice, code, date, flag

_INTENT = choice(
    cancel_subscription="I want to cancel my subscription|please end my membership|I'd like to unsubscribe from the monthly plan|how do I stop my subscription|don't renew my plan next month|I no longer need the membership, please terminate it|kindly cancel my contract|take me off the premium plan for good|I am leaving, close my plan|end the subscription at the next possible date|stop charging me every month, I'm out|I don't wish to continue with the plan|my membership should not be extended",
    change_address="I moved and need to update my address|please change my delivery address|my street has changed, can you correct it|we have a new home, send everything there from now on|how can I edit my postal address|the house number you have is outdated|I have relocated, please adjust my records|new flat, new address, please note it|could you send my mail to another street|update of my residence, please|I live somewhere else now|please ship to our new place in future",
    ask_price="how much does it cost|what's the price|can you send me a quote|what would I have to pay for it|is there a price list|how expensive is it|could you tell me the current rate|what do you charge|I'd like to know the costs before I decide|what is it per month, roughly|price please|do you have an offer for two of them, and at what cost",
    greeting="just saying hi|hello there, how are you|good morning to you all|hey, anybody there|hi, nice to meet you|greetings from your neighbour|good evening, bot|yo, what's up|hello hello|howdy|a very good day to you|hey team, hope you're well",
    complaint="I want to file a complaint|your service is a disgrace|I am very unhappy with how I was treated|this is the worst experience I have had|the driver was rude to me|I'm deeply disappointed by your shop|nobody keeps promises at your company|I expect better from a firm like yours|the quality is far below what was advertised|I have never been treated so badly|I must protest against your conduct|shame on you for such poor work",
    technical_problem="the app crashes whenever I open it|nothing loads, only a white screen|I get error 502 on every page|the device won't turn on|it freezes after a few seconds|the screen flickers all the time|the update broke everything|the button does nothing when I press it|it doesn't connect to the wifi any more|the website hangs at the last step|sound is gone since yesterday|it keeps restarting by itself",
    track_order="where is my order|when will my parcel arrive|can I see where the package is|has it been shipped yet|I am still waiting for the delivery, where is it|the tracking page says nothing, where's my stuff|could you check the status of my shipment|is my package on its way|any news about my delivery|what day will it be delivered|my order seems to be lost on the road, please look|did it leave your warehouse",
    request_refund="I want my money back|please refund me|how do I get a refund|could you return the amount to my card|I sent it back and expect to be reimbursed|you charged me twice, pay one back|kindly transfer the money back to me|I'd like to be paid back for the faulty item|the refund is overdue|reimburse me please|give me back what I paid|I demand repayment",
    opening_hours="when are you open|what time do you close today|are you open on Sundays|what are your opening hours|until when can I come by|do you open on public holidays|is the shop open right now|at what time does the store open|how long is the counter staffed in the evening|can I drop in after six, or is it shut by then|opening times please|are you closed over Easter",
    reset_password="I forgot my password|how do I reset my password|I can't log in, the password is wrong|please send me a new password|the reset link does not arrive|my login is locked after too many attempts|I need a new passcode for my account|lost my credentials, what now|it doesn't accept my password any longer|can you unlock my login|help me set another password|password gone, please reset",
    thanks="thank you so much for your help|thanks a lot, that solved it|many thanks for the quick answer|much appreciated|you were a great help|cheers, all good now|I am very grateful for your support|great job, thank you|thanks, you made my day|that was kind of you, thank you|a big thank-you to the whole crew|thx, perfect",
    book_appointment="I'd like to make an appointment|can I come in for a consultation this week|do you have a free slot tomorrow|please schedule a visit for me|when could a technician come by|I want to reserve a time with an adviser|could we set up a meeting|is there an appointment left in the afternoon|book me in for next week|I need a date with your specialist|can you fit me in sometime soon|please arrange a meeting at the branch",
    request_invoice="could you send me the invoice|I need a receipt for my tax return|where can I download my bill|the invoice is missing from the parcel|please issue a proper bill with VAT|I require a copy of last month's invoice|can I get the receipt as a PDF|my accountant needs the invoice|no bill came with it, please send one|please mail me the billing document|I never got an invoice|would you resend the receipt",
    speak_to_human="let me talk to a real person|connect me with an agent|I want to speak to a human|is there someone I can talk to|please put me through to an employee|no more robots, a person please|can a member of staff take over|operator please|I'd rather chat with a human being|transfer me to a colleague of flesh and blood|get me a representative|I need an actual person on the line",
    delete_account="please delete my account|erase all my data|I want my profile removed|how can I close my account for good|remove everything you have stored about me|wipe my user data under the GDPR|I'd like to have my profile deleted|take my personal data out of your systems|deactivate my profile permanently|get rid of my account and its history|my account should be gone by tomorrow|forget me, all my details must be deleted",
    check_availability="do you have it in stock|is it still available|when will it be back in stock|can I still get it in blue|is there one left in your shop|will you get new ones soon|is this item sold out|do you carry it in size M|how many do you have left|is it available for pick-up today|are there any left at the branch|could you check whether you have one on the shelf",
)
_URGENCY = choice(
    high="this is urgent|I need it today|as soon as possible please|it can't wait|answer at once please|very urgent|emergency|right away please",
    medium="some time this week would be good|within a few days please|it would be nice to hear from you soon|by the end of the week if you can|in the next days",
    low="no rush|take your time|whenever you have time|it is not urgent|there is no hurry|some day is fine",
)
_LANGUAGE = choice(
    english="please answer in English|English please|I only read English",
    german="please answer in German|bitte auf Deutsch antworten|German would be best for me",
    french="please answer in French|réponse en français s'il vous plaît|I prefer French",
    spanish="please answer in Spanish|en español por favor|Spanish preferred",
    italian="please answer in Italian|in italiano per favore|I would rather read Italian",
    polish="please answer in Polish|po polsku proszę|my language is Polish",
)

DOMAIN = Domain(
    name="intent",
    tasks=(
        "Classify the message.",
        "What does the customer want?",
        "Detect the intent.",
        "Route this message.",
        "Understand the request.",
    ),
    fields={
        "intent": f(
            "intent category label purpose request_type",
            _INTENT,
            "what the customer wants|the reason for the message|intent of the message",
        ),
        "urgency": f("urgency priority how_urgent", _URGENCY, "how quickly an answer is needed"),
        "language": f(
            "reply_language language preferred_language answer_in", _LANGUAGE, "language in which to answer"
        ),
        "product": f("object product about item subject", PHRASE, "the thing in question|what it is about"),
        "order": f(
            "order_number order_id order reference",
            code("#######", "A-#####", "@@####", "##-####"),
            "number of the order",
        ),
        "name": f("name customer customer_name sender", PERSON, "who wrote"),
        "first_name": f("first_name given_name", FIRST_NAME),
        "email": f("email mail reply_to", EMAIL, "address for the reply"),
        "phone": f("phone telephone callback_number", PHONE),
        "callback": f(
            "callback wants_call call_back phone_call_wanted",
            flag(
                "please call me|give me a ring|I'd like a call back",
                "no calls please|don't phone me|only in writing please",
            ),
            "whether the customer wants to be phoned",
        ),
        "received": f("received date received_on sent_on", date(), "day on which the message came"),
    },
    templates=(
        "{intent}",
        "<<hi|hello|hey|good morning|hi there>>, {intent}[[. {urgency}]]",
        "{intent}. It's about the {product}[[, order {order}]]. {urgency}.",
        "Dear <<Sir or Madam|team|support>>,\n\n{intent}. <<The article is|It concerns|This is about>>: {product}.[[ My order number is {order}.]]\n\n<<Kind regards|Sincerely|Best>>,\n{name}",
        "{intent}!! {urgency}!!",
        "From: {email}\nDate: {received}\nObject: {product}\n\n{intent}. {callback}.",
        'Ticket from {name}, received {received}:\n"{intent}"[[\nOrder: {order}]]',
        "<<ok so|um|listen>>... {intent}... {language}",
        "customer={name}; item={product}; message={intent}; language note={language}",
        "- message: {intent}\n- order: {order}\n- contact: {phone}\n- {callback}",
        'The customer <<wrote|said|left this on the answering machine>>: "{intent}". Product: {product}. {urgency}. Called from the number {phone}.',
        "{product} (order {order}): {intent}. {language}. {urgency}",
        "{intent}\n\nsent from my phone\n{first_name}",
        "| {received} | {email} | {product} | {intent} |",
        "<<Hello|Hi|Good day>>, {intent}. {callback}[[, my number is {phone}]]. {urgency}. <<Thanks|Bye>>, {first_name}",
        "Agent: how can I help you?\nCustomer: {intent}\nAgent: is it about an order?\nCustomer: yes, {order}, the {product}\nAgent: anything else?\nCustomer: {language}",
        "hello, {intent}[[ ({product})]]. {urgency}",
        "<<Hi|Hello|Dear team>>, {intent}. It is about the {product}[[, order {order}]]. {urgency}.[[ {language}.]] <<Regards|Thanks>>, {name}",
    ),
)
