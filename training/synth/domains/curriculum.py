"""Curricula vitae: schooling and work, row by row."""

from ..domain import Domain, f, g, rows, values
from ..values import (
    CITY,
    COMPANY,
    COUNTRY,
    EMAIL,
    PERSON,
    PHONE,
    Form,
    Kind,
    Surface,
    Values,
    choice,
    date,
    flag,
    integer,
    number,
    options,
    text,
)

_from: list[int] = []
_YEAR_FORMS = (
    Form({"type": "integer"}),
    Form({"type": "integer"}),
    Form({"type": "integer", "minimum": 1900}),
)


def _start(v: Values) -> Surface:
    year = v.rng.randint(1975, 2021)
    _from[:] = [year]
    return Surface(year, str(year))


def _end(v: Values) -> Surface:
    year = (_from.pop() if _from else v.rng.randint(1975, 2021)) + v.rng.randint(1, 7)
    return Surface(year, str(year))


_START, _END = Kind(_start, _YEAR_FORMS), Kind(_end, _YEAR_FORMS)
_YEAR = integer(1975, 2026, grouped=False)
_DEGREES = options(
    "B.Sc. Physics", "M.Sc. Computer Science", "BA History", "MA Linguistics", "PhD Chemistry", "Diploma in Nursing", "MBA", "LL.B.", "LL.M. Tax Law",
    "B.Eng. Mechanical Engineering", "M.Eng. Robotics", "High School Diploma", "Abitur", "Baccalauréat", "A-Levels", "Master of Fine Arts",
    "Bachelor of Education", "Certificate in Bookkeeping", "Doctor of Medicine", "B.Sc. Economics", "M.Sc. Data Science", "BA Theatre Studies",
    "Apprenticeship as Baker", "Master Craftsman Carpentry", "Diploma in Tourism", "B.Sc. Biology", "MA Philosophy", "PhD Geology",
    "B.Sc. Nutrition", "M.Sc. Architecture", "Teaching Certificate", "BA Social Work",
)  # fmt: skip
_SCHOOL = text(
    lambda v: v.rng.choice(
        [
            "University of {}",
            "{} University",
            "{} College",
            "{} Institute of Technology",
            "{} High School",
            "Technical University {}",
            "{} School of Economics",
            "Academy {}",
        ]
    ).format(
        v.name(
            ["Berlin", "Oslo", "Leeds", "Porto", "Boston", "Nairobi", "Osaka", "Delhi", "Lyon", "Graz"], 0.6
        )
    )
)
_ROLES = options(
    "Junior Developer", "Team Lead", "Shift Supervisor", "Intern", "Research Assistant", "Waiter", "Store Manager", "Accountant", "Staff Nurse",
    "Project Engineer", "Editor", "Cashier", "Systems Analyst", "Sous-Chef", "Substitute Teacher", "Legal Assistant", "Product Designer",
    "Sales Trainee", "Warehouse Worker", "Call Centre Agent", "Museum Guide", "Tester", "Head of IT", "Marketing Assistant", "Bookkeeper",
    "Lifeguard", "Postdoc", "Copy Editor", "Foreman", "Barista", "Consultant", "Tax Clerk", "Data Engineer",
)  # fmt: skip
_SKILLS = options(
    "Excel", "Python", "R", "SQL", "Photoshop", "CAD", "touch typing", "first aid", "bookkeeping", "presentation", "SAP", "LaTeX", "Java", "C++",
    "video editing", "grant writing", "teaching", "welding", "Scrum", "InDesign", "MATLAB", "negotiation", "HTML", "Blender", "Power BI",
    "team leadership", "copywriting", "lab safety", "inventory control", "mentoring", "sign language", "Tableau", "Docker",
)  # fmt: skip
_LANGS = options(
    "English", "German", "French", "Spanish", "Italian", "Portuguese", "Polish", "Czech", "Dutch", "Swedish", "Finnish", "Danish", "Turkish", "Arabic",
    "Hebrew", "Hindi", "Urdu", "Mandarin", "Japanese", "Korean", "Vietnamese", "Thai", "Swahili", "Greek", "Hungarian", "Romanian", "Ukrainian",
    "Russian", "Catalan", "Welsh", "Icelandic",
)  # fmt: skip

DOMAIN = Domain(
    name="curriculum",
    tasks=(
        "Extract the CV.",
        "Parse this resume.",
        "Read the curriculum vitae.",
        "Resume as JSON.",
        "What has this applicant done so far?",
    ),
    fields={
        "name": f("name full_name candidate applicant", PERSON, "name of the applicant"),
        "email": f("email mail email_address", EMAIL, "e-mail of the applicant"),
        "phone": f("phone telephone phone_number mobile", PHONE),
        "home": g(
            "residence home address location",
            city=f("city town", CITY, "where the applicant lives"),
            country=f("country nation", COUNTRY),
        ),
        "target": f("target_position desired_job objective applying_for", _ROLES, "job the applicant wants"),
        "education": rows(
            "education studies degrees schools qualifications",
            [
                "{start}-{end}: {degree}, {school}",
                "{degree}, {school} ({start}-{end})",
                "{degree} from {school}, {end}",
                "{school}: {degree}, graduated {end} with grade {grade}",
                "{school} - {degree} - {start} to {end}",
                "{degree} ({school}, grade {grade})",
                "{start} to {end} {school}, {degree}",
                "{degree} at {school}",
            ],
            count=(1, 3),
            joins="newline bullet semicolon number",
            degree=f("degree qualification title diploma", _DEGREES, "what was obtained"),
            school=f("school institution university", _SCHOOL, "where"),
            start=f("start start_year from", _START, "first year"),
            end=f("end end_year year graduated to", _END, "last year"),
            grade=f("grade gpa mark", number(1.0, 4.0, 1), "final mark"),
        ),
        "work": rows(
            "work experience jobs employment positions",
            [
                "{start}-{end} {title}, {company}",
                "{title} at {company} ({start} - {end})",
                "{title}, {company}, {city}, {start} to {end}",
                "{company} ({city}): {title}",
                "{start} - {end}: {company}, {title}",
                "from {start} until {end} {title} with {company} in {city}",
                "{title} @ {company}, since {start}",
                "{company}, {start} to {end}. Position: {title}",
            ],
            count=(1, 4),
            joins="newline bullet semicolon number",
            title=f("title position role job", _ROLES, "job title"),
            company=f("company employer organisation", COMPANY, "employer"),
            start=f("start start_year from", _START, "first year"),
            end=f("end end_year to until", _END, "last year"),
            city=f("city location place", CITY),
        ),
        "languages": rows(
            "languages language_skills spoken_languages",
            ["{language} ({level})", "{language}: {level}", "{language} - {level}", "{language} {level}"],
            count=(1, 3),
            joins="comma semicolon",
            language=f("language name", _LANGS),
            level=f(
                "level proficiency fluency",
                choice(
                    native="mother tongue|native|native speaker",
                    fluent="fluent|C2|very fluent",
                    intermediate="intermediate|B1|conversational",
                    basic="basic|A1|a few words",
                ),
                "how well",
            ),
        ),
        "skills": values("skills competences abilities tools", _SKILLS, (1, 6)),
        "years": f(
            "years_of_experience experience_years total_experience",
            integer(2, 30),
            "years of experience in all",
        ),
        "driving": f(
            "driving_licence drivers_license can_drive",
            flag(
                "driving licence: yes|holds a driving licence|driving licence available",
                "no driving licence|driving licence: none|without a driving licence",
            ),
            "whether there is a driving licence",
        ),
        "available": f(
            "available_from start_date earliest_start availability", date(), "first possible day of work"
        ),
        "relocate": f(
            "willing_to_relocate relocation mobile_to_move",
            flag(
                "happy to relocate|would move for the job|relocation is fine",
                "not able to relocate|will not move|relocation is not possible",
            ),
            "whether moving house is an option",
        ),
    },
    templates=(
        "{name}\n{home.city}<<, {home.country}|>>\n{email}[[ / {phone}]]\n\n<<EDUCATION|Education|STUDIES>>\n{education}\n\n<<WORK EXPERIENCE|Experience|Employment>>\n{work}\n\n[[Skills: {skills}]][[\nLanguages: {languages}]]",
        "Curriculum vitae of {name}\n\nObjective: {target}\n[[Experience in years: {years}\n]]\nJobs so far\n{work}\n\nSchools\n{education}\n\nMisc\n{driving}[[; {relocate}]]",
        "Dear Mr Osei,\n\n<<I would like to apply as|herewith I apply for the position of|your advert for a job as>> {target}<< at your firm|>>. <<My training|What I studied|My education>>:\n{education}\nAfter that I worked:\n{work}\n[[I can start on {available}. ]][[My skills: {skills}. ]]<<I look forward to hearing from you|I would be glad of an interview>>.\n\nYours sincerely,\n{name}\n{phone}",
        "{name} | {home.city} | {years} years of experience | {skills} | available from {available}",
        "Candidate no. 7 of 19: {name} ({email}). <<Wants to become|Applies as>> {target}. {years} years in the trade. <<Stations|Employers>>:\n{work}\n[[Languages:\n{languages}\n]]Remarks: {relocate}, {driving}.",
        "hi! quick summary of my cv: {name}, from {home.city}. <<studied|degrees>>:\n{education}\n<<can do|good at>>: {skills}. <<{relocate}|{driving}>>. <<mail|reach me>>: {email}",
        "--- RESUME ---\nNAME: {name}\nTEL: {phone}\nMAIL: {email}\nLIVES IN: {home.city}, {home.country}\n\n= WORK =\n{work}\n\n= SCHOOL =\n{education}\n\n= LANG =\n{languages}",
        "<<We screened|I have read>> the papers of {name}. <<Work history|Career>>:\n{work}\n{years} years altogether. Free from {available}[[; {driving}]]. <<The photo is missing and the file is 3 MB, otherwise fine.|The covering letter has two typos.>>",
        "Q1 Name? {name}\nQ2 What job do you want? {target}\nQ3 What did you learn?\n{education}\nQ4 Languages?\n{languages}\nQ5 When could you begin? {available}\nQ6 Would you move? {relocate}",
        "# {name}\n\n> {target}, {home.country}\n\n## Education\n{education}\n\n## Tools\n{skills}\n\n## Contact\n{email}, {phone}",
        "Subject: Application {target}\n\nGood morning,\n<<please find my details below|my CV in short>>.\n\nWork:\n{work}\n\nLanguages: {languages}\nDriving: {driving}\nEarliest start: {available}\n\n<<Thanks for your time|Best regards>>,\n{name}, {home.city}",
        "Applicant: {name}; wanted job: {target}; years: {years}; skills: {skills}; moving: {relocate}; mail: {email}",
        "The committee invited {name} from {home.city}, {home.country}, on the strength of this record:\n{education}\nAs for languages: {languages}. [[The referees, among them the dean, wrote warm letters. ]]{name} is {relocate}.",
        "{target} with {years} years of practice\n{skills}\n\n{work}\n\n[[{driving}\n]]{name}, {phone}",
        "{name}\n{email} | {phone}\n\nExperience\n{work}\n\nEducation\n{education}\n\n[[Languages\n{languages}\n\n]]Skills\n{skills}",
        "<<CV|Resume|Curriculum Vitae>>\n\nName: {name}\nAddress: {home.city}, {home.country}\nE-mail: {email}\n\nWork:\n{work}\n\nEducation:\n{education}[[\n\nAvailable from: {available}]]",
    ),
)
