"""Spam: mails and text messages, wanted or not, with sender and subject."""

from ..domain import Domain, f, g
from ..values import (
    COMPANY,
    EMAIL,
    PERSON,
    PHONE,
    PHRASE,
    URL,
    date,
    flag,
    integer,
    money,
    options,
    text,
    time,
)

_SPAM = flag(
    "You have been selected to receive a prize, claim it within 24 hours"
    "|Congratulations, you are our lucky winner of the month"
    "|Your account will be suspended unless you verify your password at once"
    "|Earn thousands every week from home without any effort"
    "|I am the widow of a rich banker and need your help to move millions out of the country"
    "|Lose ten kilos in five days with this secret pill"
    "|Hot singles in your area are waiting for your reply"
    "|Double your bitcoin today, returns are guaranteed"
    "|Cheap pills without prescription, shipped discreetly"
    "|Your parcel is held at customs, pay a small fee through the link to release it"
    "|Final notice: your mailbox is full, enter your login to keep it"
    "|Act now, this once-in-a-lifetime offer expires in minutes"
    "|You inherited a fortune from an unknown relative, send your bank details"
    "|Get a university diploma without exams, order today"
    "|We recorded you through your webcam, pay in crypto or everyone will see it"
    "|Your bank card has been blocked, confirm the PIN on our page"
    "|Buy 10,000 followers for your profile, instant delivery"
    "|No credit check, instant loan for everybody, apply now"
    "|Grandma, it's me, my phone broke, please send money to this new number"
    "|This stock will explode tomorrow, buy before everybody else does"
    "|Dear beneficiary, your compensation fund awaits, reply with a copy of your passport"
    "|Your streaming account is on hold, update your card details here to continue"
    "|Win a free phone, just answer three easy questions and leave your card number"
    "|100% free casino bonus, spin now and become a millionaire",
    "The meeting has been moved to the small conference room"
    "|Could you look over the draft before we send it to the client"
    "|Attached are the minutes of our last call, tell me if I missed something"
    "|Mum asks whether you will come for dinner at the weekend"
    "|I have pushed the fix, the tests are green again"
    "|Thanks for your help with the move, I owe you a beer"
    "|The dentist's office would like to remind you of your check-up"
    "|Your library books are due next week, you can renew them at the desk"
    "|Can you pick up the kids after football practice"
    "|As agreed, I enclose the signed contract for your files"
    "|The plumber can come in the morning, will somebody be at home"
    "|Sorry for the late answer, I was ill last week"
    "|Here are the photos of the hike, it was a lovely day"
    "|The train was late again, please start without me"
    "|Lunch at the usual place, or shall we try the new noodle bar"
    "|The school is closed on the day of the teachers' conference"
    "|I read your report and have two small questions about the second table"
    "|Please find below the agenda for our team day"
    "|The neighbour has our spare key if you arrive before us"
    "|We have received your application and will get back to you after the interviews"
    "|Do you still have the recipe of that pumpkin soup"
    "|Choir practice starts a bit later because the hall is being painted"
    "|The printer on the second floor works again, the paper jam is removed"
    "|I left your umbrella at the reception, you can fetch it any time",
)
_FOLDER = options(
    "Inbox",
    "Archive",
    "Work",
    "Private",
    "Clients",
    "Projects",
    "Travel",
    "Later",
    "Receipts",
    "Family",
    "Team",
    "Drafts",
    "Finance",
    "School",
    "Club",
    "Updates",
    "Support",
    "Legal",
    "Sales",
    "Press",
    "House",
    "Garden",
    "Health",
    "Events",
    "Photos",
    "Hobby",
    "Admin",
    "Notes",
    "Mixed",
    "Forum",
    "Lists",
)
_ATTACHMENT = text(
    lambda v: f"{v.word(1, 3)}.{v.pick(['pdf', 'docx', 'zip', 'xlsx', 'png', 'txt', 'exe', 'html'])}".encode(
        "ascii", "ignore"
    ).decode()
)

DOMAIN = Domain(
    name="spam",
    tasks=(
        "Is this spam?",
        "Classify the mail.",
        "Check the message for spam.",
        "Spam or not?",
        "Analyse the e-mail.",
    ),
    fields={
        "spam": f(
            "is_spam spam junk unwanted is_junk",
            _SPAM,
            "whether it is unwanted advertising or fraud|true for spam|spam or not",
        ),
        "sender": g(
            "sender from author",
            name=f("name display_name", PERSON, "name of the sender"),
            email=f("email address mail", EMAIL, "address of the sender"),
            company=f("company organisation", COMPANY),
        ),
        "to": f("recipient to receiver addressee", EMAIL, "address to which it went"),
        "subject": f("subject subject_line title topic", PHRASE, "the subject line"),
        "day": f("date day received_on sent_on", date(), "day on which it came"),
        "at": f("time received_at sent_at", time()),
        "link": f("url link contained_link", URL, "web address in the message"),
        "phone": f("phone phone_number sender_number", PHONE, "number in the message"),
        "folder": f("folder mailbox label", _FOLDER, "folder in which it lies"),
        "attachment": f("attachment file attached_file filename", _ATTACHMENT, "name of the attached file"),
        "amount": f("amount sum money_mentioned", money(20, 9000), "amount of money that is mentioned"),
        "links": f("link_count number_of_links links", integer(2, 30), "how many links it has"),
    },
    templates=(
        "From: {sender.email}\n[[To: {to}\n]]Subject: {subject}\n[[Date: {day}\n]]\n{spam}.",
        '{sender.name} <<wrote|writes>> to {to}:\n\n"{spam}."[[\n\nAttachment: {attachment}]]',
        "<<Dear customer|Hello|Hi|Dear friend>>,\n\n{spam}.\n\n[[See {link}\n\n]]<<Regards|Best|Yours>>,\n{sender.name}\n{sender.company}",
        "SMS from {phone}, {at}: {spam}",
        "| From | Subject | Date | Text |\n| {sender.email} | {subject} | {day} | {spam} |",
        "sender: {sender.name}\nsubject: {subject}\nfolder: {folder}\nlinks: {links}\nbody: {spam}",
        "{spam}. {link}",
        "{spam}.[[ Call {phone}.]][[ Sum in question: {amount}.]]",
        'got this <<today|in my mailbox>> from {sender.email}, what do you make of it? "{spam}"[[ file attached: {attachment}]]',
        "Subject: {subject}\n\n{spam}.\n\n{sender.company}\nPhone {phone}\nThis message was sent to {to}.",
        'On {day} at {at} {sender.name} ({sender.company}) sent a message with the title "{subject}". It reads: {spam}. It lies in {folder}.',
        "- received {day}, {at}\n- from {sender.name}\n- re: {subject}\n- text: {spam}\n- file: {attachment}",
        "{subject}\n{spam}!\n{link}\n{sender.company}",
        'Forwarded message. Original sender: {sender.name} / {sender.email}. "{spam}. Amount: {amount}." The mail has {links} links.',
        "From: {sender.name} ({sender.email})\nTo: {to}\nDate: {day}, {at}\nSubject: {subject}\n\n<<Hello|Hi>>,\n\n{spam}.\n\n{sender.name}[[\n{link}]]",
        "Message in {folder}, received on {day} from {sender.email}. Subject: {subject}. Text: {spam}.[[ Attached: {attachment}.]]",
    ),
)
