"""Vacancies: title, employer, place, pay, demands, benefits, deadline."""

from ..domain import Domain, f, g, values
from ..values import (
    CITY,
    COMPANY,
    COUNTRY,
    CURRENCY,
    EMAIL,
    PERSON,
    Form,
    Kind,
    Surface,
    Values,
    choice,
    code,
    date,
    flag,
    integer,
    options,
)

_low: list[int] = []


def _pay(v: Values, value: int) -> Surface:
    shown = [f"{value:,}", str(value), f"{value:,}"]
    if value % 1000 == 0:
        shown.append(f"{value // 1000}k")
    return Surface(value, v.rng.choice(shown))


def _lowest(v: Values) -> Surface:
    value = v.rng.randint(24, 110) * 1000 + v.rng.choice([0, 0, 0, 500])
    _low[:] = [value]
    return _pay(v, value)


def _highest(v: Values) -> Surface:
    return _pay(v, (_low.pop() if _low else 40000) + v.rng.randint(3, 40) * 1000)


_FORMS = (Form({"type": "integer"}), Form({"type": "number"}), Form({"type": "integer", "minimum": 0}))
_LOW, _HIGH = Kind(_lowest, _FORMS), Kind(_highest, _FORMS)
_TITLES = options(
    "Software Engineer", "Nurse", "Truck Driver", "Marketing Manager", "Data Scientist", "Kitchen Porter", "Electrician", "Sales Representative",
    "Primary School Teacher", "Warehouse Clerk", "Receptionist", "Java Developer", "Physiotherapist", "Payroll Accountant", "Pastry Chef",
    "Product Manager", "Site Foreman", "Security Guard", "Lab Technician", "Legal Secretary", "UX Designer", "Bus Mechanic", "Copywriter",
    "Bank Clerk", "Care Assistant", "Forklift Operator", "DevOps Engineer", "Content Editor", "Research Associate", "Tour Guide", "Hotel Manager",
    "Procurement Specialist", "Network Administrator", "Florist", "Pharmacist", "Tram Driver", "Customer Support Agent", "Machine Operator",
)  # fmt: skip
_SKILLS = options(
    "Python", "SQL", "Excel", "SAP", "Java", "Kubernetes", "negotiation", "welding", "first aid", "driving licence", "Photoshop", "bookkeeping",
    "team leadership", "public speaking", "French", "German", "English", "project planning", "React", "Linux", "AutoCAD", "customer care", "typing",
    "statistics", "copy editing", "food hygiene", "wound care", "night shifts", "sales experience", "Git", "Terraform", "a forklift permit",
    "Scrum", "patience with children", "accounting", "Figma", "TypeScript", "lab work",
)  # fmt: skip
_BENEFITS = options(
    "company car", "free fruit", "gym membership", "pension plan", "30 days of holiday", "flexible hours", "free lunch", "job bicycle", "day nursery",
    "staff discount", "public transport ticket", "training budget", "yearly bonus", "stock options", "dental insurance", "private health insurance",
    "company flat", "free parking", "dog-friendly office", "sabbatical option", "relocation help", "home office budget", "canteen", "summer party",
    "four-day week", "paid overtime", "laptop of your choice", "free coffee", "parental leave top-up", "life insurance", "massage chair", "language classes",
)  # fmt: skip

DOMAIN = Domain(
    name="job_posting",
    tasks=(
        "Extract the job posting.",
        "What job is offered?",
        "Parse this vacancy.",
        "Read the job advert.",
        "Job ad as JSON.",
    ),
    fields={
        "title": f(
            "title job_title position role vacancy", _TITLES, "name of the job|which position is open"
        ),
        "company": f("company employer organisation hiring_company", COMPANY, "who is hiring|the employer"),
        "city": f("city location place_of_work workplace", CITY, "where the work is done"),
        "country": f("country work_country", COUNTRY, "country of the workplace"),
        "reference": f(
            "reference job_id reference_number ref posting_id",
            code("JOB-####", "REF ####/##", "@@####", "R-#####", "#######"),
            "reference number of the posting",
        ),
        "work_mode": f(
            "work_mode workplace_type remote_policy arrangement",
            choice(
                on_site="fully on site|on our premises every day|no home office possible",
                hybrid="hybrid, two days from home|a mix of office and home|partly from home, partly in the office",
                remote="fully remote|100% from home|work from wherever you like",
            ),
            "office or home",
        ),
        "employment_type": f(
            "employment_type contract_type job_type type hours",
            choice(
                full_time="full-time|40 hours a week|full time position",
                part_time="part-time|20 hours a week|half days only",
                internship="internship for students|as an intern|internship of six months",
                freelance="freelance contract|on a freelance basis|as a self-employed contractor",
                temporary="temporary job for the season|limited to one year|fixed-term contract until the end of the project",
            ),
            "kind of employment",
        ),
        "seniority": f(
            "seniority level experience_level career_level",
            choice(
                junior="ideal for beginners|suited to people fresh from school|a first job after training",
                mid="for people with some practice|for professionals with a few years behind them|mid-level",
                senior="for seasoned experts|only for very experienced people|senior level",
                executive="a place on the management board|with a seat in top management|an executive role",
            ),
            "career level",
        ),
        "salary": g(
            "salary pay compensation salary_range",
            min=f("min minimum from low", _LOW, "lower end of the range, per year"),
            max=f("max maximum to high", _HIGH, "upper end of the range, per year"),
            currency=f("currency currency_code", CURRENCY, "ISO currency code"),
        ),
        "experience": f(
            "experience_years years_of_experience min_experience experience",
            integer(1, 12),
            "years of experience demanded",
        ),
        "skills": values("skills requirements required_skills qualifications", _SKILLS, (1, 5)),
        "benefits": values("benefits perks extras we_offer", _BENEFITS, (1, 4)),
        "deadline": f(
            "deadline apply_by application_deadline closing_date",
            date(),
            "last day to apply|until when to apply",
        ),
        "start": f(
            "start start_date starting_on begins entry_date", date(), "first day of work|when the job begins"
        ),
        "contact": g(
            "contact recruiter contact_person",
            name=f("name full_name person", PERSON, "whom to ask|person for questions"),
            email=f("email mail email_address apply_to", EMAIL, "where applications go"),
        ),
        "degree_needed": f(
            "degree_required needs_degree university_degree",
            flag(
                "a university degree is a must|degree required|you hold a university degree",
                "no degree needed|we do not ask for a degree|a degree is not required",
            ),
            "whether a university degree is demanded",
        ),
    },
    templates=(
        "{company} <<is hiring|is looking for|seeks>> a {title} (m/f/d) in {city}[[, {country}]] - {employment_type}, {work_mode}. <<You bring|We expect|Your profile>>: {skills}. <<We offer|You get>>: {benefits}. [[Pay: {salary.min} to {salary.max} {salary.currency} a year. ]]Apply by {deadline}[[ to {contact.email}]].",
        "JOB: {title}\nEMPLOYER: {company}\nWHERE: {city}\n[[HOW: {work_mode}\n]]TYPE: {employment_type}\nREF: {reference}\n[[SALARY: {salary.min} - {salary.max} {salary.currency} per year\n]][[START: {start}\n]]APPLY UNTIL: {deadline}",
        "<<Hey, saw this and thought of you|Isn't this something for you?|my boss asked me to spread this>>: {title} at {company}, {employment_type}, {work_mode}. They want {skills}[[ and {experience} years of experience]]. [[Pays {salary.min} up to {salary.max}. ]]Write to {contact.name}, {contact.email}. <<good luck!|fingers crossed|tell them I sent you>>",
        "Dear candidates,\n\n<<on behalf of our client|for one of our clients>>, {company}, we are filling the post of {title} (reference {reference}) at the {city} site. The post is {seniority}. {degree_needed}. <<At least {experience} years of experience are expected|We expect {experience} years of relevant experience>>. Work starts on {start}.\n\nQuestions? <<Call|Ask>> {contact.name}.\n\nYours,\nThe agency team (founded 1987)",
        "{title} | {company} | {city} | {employment_type}[[ | {salary.min}-{salary.max} {salary.currency}]] | apply by {deadline}",
        "## {title}\n\n**About us** {company} has 140 people and a cat.\n\n**Where** {city}, {work_mode}\n\n**What you need**\n{skills}\n\n**What we give**\n{benefits}\n\n**Level** {seniority}[[\n\n**Begin** {start}]]",
        "WANTED! {title}, {employment_type}. {degree_needed}! [[Experience: {experience} years. ]]{benefits} included. {company}, {city}. Ask for {contact.name}.",
        "We are growing again: after eleven new colleagues last year, {company} <<opens|advertises>> another position in {country}. As {title} you will work {work_mode}; contract: {employment_type}. <<The annual salary lies between {salary.min} and {salary.max} {salary.currency}|We pay {salary.min} at entry and at most {salary.max} {salary.currency} a year>>. <<Applications close on|Please apply no later than>> {deadline}; the first working day is {start}.",
        "Ref. {reference} - {title}\n* {seniority}\n* {experience}+ years in a similar job\n* skills: {skills}\n* extras: {benefits}\n* {degree_needed}\n* mail: {contact.email}",
        "To: staff@all\nSubject: internal vacancy {reference}\n\nHello all,\nthe post of {title} in {city} is open from {start}. It is {seniority}, {employment_type}. [[Salary band: {salary.min} to {salary.max}. ]]Please tell {contact.name} until {deadline} if you are interested. Lunch talk on Friday in room 2.\n\nHR",
        '"We search nationwide for a {title}", says the head of {company}, "{work_mode}." <<Skills in demand|What counts>>: {skills}. <<The firm tempts with|On offer are>> {benefits}. The head office in {city} <<was rebuilt twice|has won a prize for its roof garden>>.',
        "title: {title}\norg: {company}\nloc: {city}, {country}\nmode: {work_mode}\nskills: {skills}\nmin_years: {experience}\ndegree: {degree_needed}\ncontact: {contact.name} ({contact.email})",
        "Tired of your boss? Come to us! {company} in {city} needs you as {title}. {seniority}. <<Perks|The good things>>: {benefits}. <<Send your CV to|CV to>> {contact.email} quoting {reference}. [[We can start on {start}.]]",
        "Notice on the board, please do not remove: help needed. {title}, {employment_type}, from {start} on. Talk to {contact.name} or mail {contact.email}. {degree_needed}, but {skills} would help.",
        "<<Open position|Vacancy|We're hiring>>: {title}\nCompany: {company}\nLocation: {city}, {country}\nEmployment: {employment_type}\nSalary: {salary.min} - {salary.max} {salary.currency}\nRequirements: {skills}\n[[Benefits: {benefits}\n]]Deadline: {deadline}\nContact: {contact.name}",
        "<<For our site in|For our office in|At our branch in>> {city} we are looking for a {title}. The job is {employment_type} and {work_mode}. <<You should bring|You have>> {experience} years of experience as well as {skills}. [[In return there is {benefits}. ]]<<Please send your application to|Applications to>> {contact.name}, {contact.email}, by {deadline}.\n\n{company}",
    ),
)
