"""Courses and lectures: catalogue entries, announcements, enrolment mails."""

from ..domain import Domain, f, g, values
from ..values import EMAIL, PERSON, choice, code, date, flag, integer, money, options, text, time

_SUBJECTS = """Linear Algebra|Organic Chemistry|Art History|Machine Learning|Microeconomics|Roman Law|Genetics|Thermodynamics|Logic|Statistics
Medieval Poetry|Data Structures|Fluid Mechanics|Ethics|Anatomy|Marketing|Photography|Spanish|Japanese|Carpentry|First Aid|Astronomy|Geology|Rhetoric
Compilers|Number Theory|Ecology|Music Theory|Psychology|Sociology|Accounting|Robotics|Optics|Cryptography|Film Studies|Pottery|Welding|Nutrition
Urban Planning|Nursing|Project Management|Tax Law|Creative Writing|Operating Systems|Epidemiology""".replace(
    "\n", "|"
).split("|")
_TITLE = text(
    lambda v: v.rng.choice(
        [
            "{}",
            "{}",
            "Introduction to {}",
            "Advanced {}",
            "{} I",
            "{} II",
            "Foundations of {}",
            "{} for Beginners",
            "Topics in {}",
            "Applied {}",
        ]
    ).format(v.word(2, 3).capitalize() if v.chance(0.2) else v.pick(_SUBJECTS))
)
_ROOM = code("@###", "#.###", "HS #", "@-##", "Room ###", "Lab #")
_SCHOOL = text(
    lambda v: v.rng.choice(
        [
            "University of {}",
            "{} College",
            "{} Institute",
            "{} Academy",
            "Technical University {}",
            "Evening School {}",
        ]
    ).format(v.word(2, 3).capitalize())
)
_TOPIC = options(
    "matrices", "recursion", "ethics of care", "enzymes", "supply and demand", "perspective", "irony", "regression", "sampling", "contracts", "muscles",
    "syntax", "phonetics", "graph search", "hash tables", "inflation", "colour theory", "plate tectonics", "black holes", "mitosis", "heat engines",
    "case studies", "interviews", "budgeting", "time series", "neural networks", "sonnets", "light and shadow", "knots", "bandages", "glazing", "taxes",
)  # fmt: skip

DOMAIN = Domain(
    name="course",
    tasks=(
        "Extract the course.",
        "Course details, please.",
        "Read this course announcement.",
        "Which course is it and when?",
    ),
    fields={
        "code": f(
            "course_code code course_id module_code number",
            code("@@###", "@@@-###", "@@@####", "##-###-##"),
            "the course's code",
        ),
        "title": f("title course_title name course course_name", _TITLE, "what the course is called"),
        "teacher": g(
            "teacher lecturer instructor professor",
            name=f("name full_name", PERSON, "who teaches"),
            email=f("email contact mail", EMAIL),
            office=f("office office_room", _ROOM, "room of the teacher's office"),
        ),
        "school": f("institution university school provider", _SCHOOL, "where it is taught"),
        "weekday": f(
            "weekday day day_of_week",
            choice(
                monday="Monday|Mon|Mondays",
                tuesday="Tuesday|Tue|Tuesdays",
                wednesday="Wednesday|Wed|Wednesdays",
                thursday="Thursday|Thu|Thursdays",
                friday="Friday|Fri|Fridays",
                saturday="Saturday|Sat|Saturdays",
            ),
            "day of the week on which it is held",
        ),
        "starts": f("start_time starts_at begins from_time", time(), "time at which a session begins"),
        "ends": f("end_time ends_at until to_time", time(), "time at which a session ends"),
        "first_day": f(
            "start_date first_session begins_on first_lecture", date(), "day of the first session"
        ),
        "exam": f("exam_date exam final_exam examination", date(), "day of the exam"),
        "room": f("room classroom lecture_hall location", _ROOM, "where the sessions take place"),
        "credits": f("credits ects credit_points points", integer(1, 15), "credits earned"),
        "places": f("places capacity max_students seats", integer(13, 400, words=0), "how many may attend"),
        "level": f(
            "level course_level stage",
            choice(
                beginner="beginner|no prior knowledge needed|for newcomers|introductory",
                intermediate="intermediate|for those with basic knowledge|middle level",
                advanced="advanced|for experienced students|expert level|demanding, for those who know the basics well",
            ),
            "for whom it is",
        ),
        "mode": f(
            "mode format delivery teaching_mode",
            choice(
                online="online|via video call|fully remote|over the internet",
                on_site="on site|in person|face to face|on campus",
                hybrid="hybrid|partly online, partly on campus|either from home or in the room",
            ),
            "how it is taught",
        ),
        "fee": f("fee tuition price course_fee cost", money(20, 3000), "what it costs"),
        "mandatory": f(
            "mandatory compulsory required is_required",
            flag("compulsory|mandatory|required for the degree", "optional|elective|not required"),
            "whether one has to take it",
        ),
        "topics": values("topics contents subjects syllabus covers", _TOPIC, (2, 5), "comma and semicolon"),
    },
    templates=(
        "{code} {title}\n<<Lecturer|Instructor|Taught by>>: {teacher.name}[[ ({teacher.email})]]\n{weekday}, {starts} to {ends}, <<room|place>> {room}\nCredits: {credits}[[\nExam: {exam}]][[\nStatus: {mandatory}]]",
        'Dear students,\n\nthe <<course|lecture>> "{title}" ({code}) begins on {first_day} in {room}. It is held {mode}.[[ We will cover {topics}.]] The exam is on {exam}.\n\n[[The library closes early in May. ]]If you have questions, <<write to|contact>> {teacher.email} or come to my office, {teacher.office}.\n\n<<Best regards|Yours|See you there>>,\n{teacher.name}',
        "hey does anyone know if {title} is {mandatory}?? <<it's|they say it's>> with {teacher.name}, {weekday} at {starts}, {credits} credits. prof said {mode}",
        "| Code | Course | Day | Time | Room | Lecturer | ECTS |\n|---|---|---|---|---|---|---|\n| {code} | {title} | {weekday} | {starts} | {room} | {teacher.name} | {credits} |",
        "{school} <<offers|is offering>> {title} <<again this year|for the third time>>. Level: {level}. The course starts on {first_day} and costs {fee}. Up to {places} people can take part. {teacher.name}, who once sailed round the world, teaches it. Format: {mode}.",
        "course: {title}\nlevel: {level}\nmode: {mode}\nfee: {fee}\nstart: {first_day}\ncapacity: {places}\ninstructor: {teacher.name}\ntopics: {topics}",
        "<<Enrolment|Registration>> confirmed: {title}, {code}. First session {first_day}, {starts}, {room}.[[ Fee: {fee}.]][[ Please bring a laptop.]]",
        "Exam notice\n\nThe examination for {code} ({title}) <<takes place|will be held>> on {exam} in {room}. {credits} credits are awarded. Supervision: {teacher.name}.",
        "- {title}\n- {level}\n- {mode}, {weekday} {starts}-{ends}\n- {credits} ECTS, {mandatory}\n[[- {topics}]]",
        "Subject: Room change {code}\n\nHello all,\n\nfrom now on we meet in {room} on {weekday}, {starts}. <<The rest stays as it was.|Nothing else changes.>> The exam remains on {exam}.[[ My new office is {teacher.office}.]] Broken chairs go to the caretaker.\n\n{teacher.name}\n{school}",
        "Thanks for signing up with {school}! {title} is {mandatory} and {credits} credits strong. {topics} are on the programme. Sessions run from {starts} until {ends}.",
        "{title} / {teacher.name} / {teacher.office} / {teacher.email} / {places} seats / {fee}",
        "Module {code} deals with {topics}. Prerequisites: {level}. It is taught {mode} and assessed by a written exam on {exam}. At most {places} students are admitted.",
        "can't make {weekday} {starts} this week... could you take notes in {title}? room is {room}. {teacher.name} said exam is {exam}, {mandatory} btw",
        "Course: {title} ({code})\nUniversity: {school}\nTeacher: {teacher.name}, {teacher.email}\nDay and time: {weekday}, {starts} - {ends}\nRoom: {room}\n[[Level: {level}\n]]Credits: {credits}\nFee: {fee}",
        "{school} announces the course {title}, taught by {teacher.name}. It starts on {first_day} and takes place every week: {weekday}, {starts}, {room}. <<Topics include|We deal with>> {topics}.[[ The course is {mandatory} and gives {credits} credits.]] The final exam is on {exam}.",
    ),
)
