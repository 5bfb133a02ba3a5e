"""Business cards and e-mail signatures: who, where, how to reach."""

from ..domain import Domain, f, g
from ..values import (
    CITY,
    COMPANY,
    COUNTRY,
    EMAIL,
    PERSON,
    PHONE,
    POSTCODE,
    STREET,
    URL,
    choice,
    flag,
    integer,
    options,
    text,
)

_TITLES = options(
    "Sales Manager", "Head of Purchasing", "Chief Executive Officer", "Managing Director", "Key Account Manager", "Software Architect",
    "Project Manager", "Office Manager", "Consultant", "Senior Consultant", "Marketing Lead", "Customer Success Manager", "Founder", "Partner",
    "Research Fellow", "Professor of Chemistry", "Legal Counsel", "Tax Adviser", "Product Owner", "Service Technician", "Regional Director",
    "Press Officer", "Art Director", "Finance Controller", "HR Business Partner", "Data Engineer", "Plant Manager", "Curator", "Branch Manager",
    "Executive Assistant", "Chief Technology Officer", "Logistics Coordinator", "Quality Inspector",
)  # fmt: skip
_DEPARTMENTS = options(
    "Sales", "Marketing", "Purchasing", "Research", "Legal", "Human Resources", "Finance", "Accounting", "Customer Service", "Engineering", "IT",
    "Logistics", "Production", "Quality Assurance", "Public Relations", "Export", "Facility Management", "Data Protection", "Internal Audit",
    "Design", "Product Development", "Controlling", "Field Service", "Training", "Corporate Strategy", "Procurement", "Operations", "Security",
    "Technical Support", "Investor Relations", "Warehouse",
)  # fmt: skip
_HANDLE = text(
    lambda v: (
        v.rng.choice(["@", "@the", "@its", "@"]) + v.word(2, 3) + v.rng.choice(["", "", "_hq", "89", ".work"])
    )
)
_ACADEMIC = text(
    lambda v: v.rng.choice(["Dr.", "Prof.", "Prof. Dr.", "Ph.D.", "MBA", "M.Sc.", "Dipl.-Ing.", "LL.M."])
)

DOMAIN = Domain(
    name="contact",
    tasks=(
        "Extract the contact details.",
        "Read the business card.",
        "Parse this e-mail signature.",
        "Make an address book entry.",
        "Contact data as JSON.",
    ),
    fields={
        "name": f("name full_name contact_name person", PERSON, "the person's full name|whose card it is"),
        "degree": f(
            "degree academic_title title_prefix academic_degree",
            _ACADEMIC,
            "academic title|degree before or after the name",
        ),
        "position": f("position job_title title role function", _TITLES, "job title|role in the company"),
        "department": f("department division team unit", _DEPARTMENTS, "part of the company"),
        "company": f(
            "company organisation organization employer firm", COMPANY, "name of the company|employer"
        ),
        "phone": g(
            "phone phones phone_numbers telephone",
            office=f("office work landline direct", PHONE, "number at the office|landline"),
            mobile=f("mobile cell cell_phone handy", PHONE, "mobile number"),
            fax=f("fax fax_number telefax", PHONE, "fax number"),
        ),
        "email": f("email email_address mail e_mail", EMAIL, "e-mail address|where to write to"),
        "website": f("website url homepage web", URL, "web address of the company"),
        "address": g(
            "address office_address location postal_address",
            street=f("street street_address line1", STREET, "street and house number"),
            postcode=f("postcode zip zip_code postal_code", POSTCODE, "postal code"),
            city=f("city town place", CITY),
            country=f("country land nation", COUNTRY),
        ),
        "handle": f("handle social_media twitter username", _HANDLE, "name on social media, with the @"),
        "floor": f("floor storey level", integer(1, 12, words=0), "floor of the building"),
        "preferred": f(
            "preferred_channel preferred_contact contact_preference best_way",
            choice(
                email="please write an e-mail rather than call|e-mail is the quickest way|I answer mails within a day",
                phone="best to ring me|just call|I prefer a phone call",
                chat="message me in the chat|a chat message is best|ping me on Slack",
                in_person="simply drop by|come and see me in the office|my door is always open, just walk in",
            ),
            "how the person likes to be contacted",
        ),
        "part_time": f(
            "part_time works_part_time",
            flag(
                "only in the office Monday to Wednesday|in part-time|working half days",
                "working full-time|in the office all week|there every working day",
            ),
            "whether the person works part-time",
        ),
    },
    templates=(
        "{company}\n\n[[{degree} ]]{name}\n{position}[[\n{department}]]\n\n{address.street}\n{address.postcode} {address.city}[[\n{address.country}]]\n\n<<T|Tel.|Phone>>: {phone.office}\n[[<<F|Fax>>: {phone.fax}\n]]<<M|Mobile|Cell>>: {phone.mobile}\n<<E|Mail|E-mail>>: {email}[[\n<<W|Web>>: {website}]]",
        "Hi both,\n\n<<the figures are attached|see you on Thursday then|many thanks for the samples, all twelve arrived>>.\n\n<<Best|Cheers|Kind regards>>,\n{name}\n\n--\n{name}<<, | - | / |\n>>{position}\n{company}[[ | {department}]]\n{phone.mobile} (mobile)\n{email}[[\n{website}]]",
        "{name} | {position} | {company} | {email} | {phone.office}[[ | {address.city}]]",
        "Met {name} <<at the trade fair|on the train|at Friday's dinner>>, {position} at {company} in {address.city}. <<Office number|Desk phone>> {phone.office}[[, mobile {phone.mobile}]]. [[Said: {preferred}. ]][[On social media: {handle}.]]",
        "BEGIN CARD\nFN:{name}\nORG:{company}\n[[ORG-UNIT:{department}\n]]TITLE:{position}\nTEL;WORK:{phone.office}\nTEL;CELL:{phone.mobile}\n[[TEL;FAX:{phone.fax}\n]]EMAIL:{email}\nADR:{address.street};{address.city};{address.postcode};{address.country}\nEND CARD",
        "new contact for the address book pls: {name}, {company}, {email}[[, cell {phone.mobile}]][[ - {part_time}]]. {preferred}!",
        "Dear colleagues,\n\nfrom the first of next month {name} takes over as {position}<< at {company}|>>[[ in {department}]]. You can <<reach|contact>> {name} by mail ({email}) or by phone, {phone.office}. [[The new desk is on floor {floor}. ]][[{name} is {part_time}.]]\n\nThe management",
        "Sent from my phone\n{name}\n[[{degree}\n]]{company}, {department}\n{address.street}, {address.postcode} {address.city}\noffice {phone.office} / cell {phone.mobile}",
        "* Name: {name}\n* Organisation: {company}\n* Function: {position}\n[[* Department: {department}\n]]* Street: {address.street}\n* Town: {address.postcode} {address.city}\n[[* Country: {address.country}\n]]* E-mail: {email}\n* Homepage: {website}[[\n* Note: {preferred}]]",
        "<<Who do I call about the broken gate?|Who can help with the samples?|Any idea who is in charge?>> - Try {name} from {company}[[, {department}]], {phone.mobile}. That's the mobile; the landline is {phone.office}. [[Or mail: {email}. ]]I'm told {name} is {part_time}.",
        "{name}[[, {degree}]]\n{position}, {company}\nfollow me: {handle}\n{website}\n[[{email}\n]]{preferred}",
        "{company} has a new {address.city} office: {address.street}, {address.postcode} {address.city}, floor {floor}. <<Your contact there is|Please ask for>> {name} ({position}), {email}. [[Fax for orders: {phone.fax}.]]",
        "From: {name}\nTo: all suppliers\nSubject: new telephone numbers\n\nOur old numbers are out of use since the move. New <<office line|landline>>: {phone.office}. New fax: {phone.fax}. My mobile stays {phone.mobile}. {preferred}.\n\n{name}\n{position}\n{company}",
        "This message is confidential. If you got it by mistake delete it.\n{company} - {address.street} - {address.postcode} {address.city} - {address.country}\nContact: {name}, {department}, {email}\n{website}",
        "<<Kind regards|Best regards|With best wishes|Yours>>\n\n[[{degree} ]]{name}\n{position}\n\n{company}\n{address.street}, {address.postcode} {address.city}\nPhone {phone.office}[[\nMobile {phone.mobile}]]\n{email}[[\n{website}]]",
        "<<Contact|Your contact|Business card>>: {name}\n<<Position|Title>>: {position}\nCompany: {company}\n[[Department: {department}\n]]Phone: {phone.office}\n[[Fax: {phone.fax}\n]]E-mail: {email}\nCity: {address.city}",
    ),
)
