"""Staff records: who works where, since when, under which conditions."""

from ..domain import Domain, f, g, values
from ..values import CITY, EMAIL, PERSON, PHONE, choice, code, date, flag, integer, money, number, options

_DEPARTMENTS = options(
    "Sales", "Marketing", "Purchasing", "Research", "Legal", "Human Resources", "Finance", "Accounting", "Customer Service", "Engineering", "IT",
    "Logistics", "Production", "Quality Assurance", "Public Relations", "Export", "Facility Management", "Data Protection", "Internal Audit", "Design",
    "Paint Shop", "Assembly", "Controlling", "Field Service", "Training", "Canteen", "Procurement", "Operations", "Security", "Warehouse", "Dispatch", "Night Shift",
)  # fmt: skip
_POSITIONS = options(
    "Team Lead", "Clerk", "Senior Developer", "Forklift Driver", "Cook", "Buyer", "Analyst", "Trainee", "Technician", "Assistant", "Controller", "Counsel",
    "Welder", "Designer", "Recruiter", "Editor", "Porter", "Secretary", "Sales Agent", "Shift Manager", "Cleaner", "Chemist", "Payroll Officer",
    "Planner", "Tester", "Driver", "Accountant", "Consultant", "Storekeeper", "Librarian", "Network Engineer", "Nurse", "Project Manager",
)  # fmt: skip
_COURSES = options(
    "fire safety", "first aid", "data protection", "forklift permit", "anti-bribery", "Excel basics", "leadership one", "chemical handling", "ladder safety",
    "cyber security", "conflict management", "time management", "hygiene", "project planning", "export control", "business English", "rhetoric",
    "works council law", "crane operation", "SAP intro", "diversity", "customer talk", "report writing", "lean management", "welding refresher",
    "mental health first aid", "onboarding", "Scrum master", "presentation skills", "machine safety", "ergonomics", "Spanish for beginners",
)  # fmt: skip
_RELATION = options(
    "wife", "husband", "mother", "father", "sister", "brother", "partner", "daughter", "son", "aunt", "uncle", "neighbour", "flatmate", "grandmother",
    "grandfather", "cousin", "friend", "fiancé", "stepmother", "stepfather", "mother-in-law", "brother-in-law", "godmother", "landlady", "niece",
    "nephew", "best friend", "guardian", "roommate", "father-in-law", "half-sister",
)  # fmt: skip

DOMAIN = Domain(
    name="employee",
    tasks=(
        "Extract the staff record.",
        "Employee data, please.",
        "Read the personnel file.",
        "Who works here and how?",
        "HR record as JSON.",
    ),
    fields={
        "id": f(
            "employee_id id staff_number personnel_number badge",
            code("E-####", "######", "EMP####", "@###", "##-####"),
            "staff number|identifier of the employee",
        ),
        "name": f("name full_name employee employee_name", PERSON, "the employee's full name"),
        "department": f("department division team unit", _DEPARTMENTS, "where in the firm"),
        "position": f("position job_title role title", _POSITIONS, "job title"),
        "manager": f(
            "manager supervisor reports_to boss line_manager",
            PERSON,
            "the employee's superior|to whom the employee reports",
        ),
        "hired": f(
            "hired hire_date start_date joined entry_date",
            date(),
            "first day in the firm|when the employee joined",
        ),
        "office": f("office location site workplace", CITY, "town in which the employee works"),
        "room": f("room room_number desk", code("#.##", "@-###", "R###", "@##.#"), "room or desk"),
        "email": f("email work_email mail", EMAIL, "e-mail at work"),
        "salary": f("salary monthly_salary pay wage", money(1800, 9000), "pay per month"),
        "contract": f(
            "contract contract_type employment",
            choice(
                permanent="permanent contract|for an unlimited time|open-ended contract",
                fixed_term="fixed-term contract|limited to two years|temporary contract until the year's end",
                apprentice="in apprenticeship|under an apprenticeship contract|apprentice contract",
                freelance="freelance|hired as a freelancer|on a freelance contract",
            ),
            "kind of contract",
        ),
        "status": f(
            "status employment_status state",
            choice(
                active="currently at work|active|on duty as usual",
                on_leave="on parental leave|on unpaid leave|away on a sabbatical",
                sick="off sick|on sick leave|away ill for some weeks",
                left="no longer with us|has left the firm|resigned and gone",
                probation="still in probation|in the trial period|probation not over yet",
            ),
            "present state of the employment",
        ),
        "hours": f("weekly_hours hours_per_week working_hours hours", number(15, 40, 1), "hours per week"),
        "vacation": f(
            "vacation_days holidays annual_leave days_off leave_days",
            integer(20, 35),
            "days of holiday a year",
        ),
        "home_days": f(
            "home_office_days remote_days days_from_home",
            integer(2, 5, words=0.5),
            "days a week worked at home",
        ),
        "emergency": g(
            "emergency_contact emergency in_case_of_emergency",
            name=f("name full_name", PERSON, "whom to call in an emergency"),
            relation=f("relation relationship", _RELATION, "how the two are related"),
            phone=f("phone number telephone", PHONE, "number to call"),
        ),
        "courses": values("courses trainings completed_training certificates", _COURSES, (1, 4)),
        "car": f(
            "company_car has_company_car car",
            flag(
                "with a company car|entitled to a company car|company car included",
                "without a company car|not entitled to a company car|no company car",
            ),
            "whether a company car is provided",
        ),
    },
    templates=(
        "PERSONNEL FILE {id}\nName: {name}\nDepartment: {department}\nPosition: {position}\n[[Manager: {manager}\n]]Hired: {hired}\n[[Monthly pay: {salary}\n]][[Contract: {contract}\n]]Status: {status}",
        "{name} ({id}) <<joined|has been with>> {department} <<on|since>> {hired} as {position}<<, reporting to {manager}| and reports to {manager}>>. [[The contract: {contract}, {car}. ]]<<Working week|Weekly time>>: {hours} hours[[; {vacation} days of holiday]].",
        "Dear {name},\n\n<<welcome aboard!|we are glad that you are joining us.>> Your first day is {hired}. <<Please report to|Your supervisor will be>> {manager} at the {office} site, room {room}. You will earn {salary} a month for {hours} hours a week[[ and have {vacation} days of leave a year]]. [[Your mailbox is {email}. ]]\n\nBring your passport and two photos.\n\nHR services",
        "{id} | {name} | {department} | {position} | {hired}[[ | {office}]][[ | {status}]]",
        "hi, can you update the record of {name}? <<now|from today>> {position} in {department}, boss is {manager}. {hours} h/week, {home_days} days from home. {contract}. <<ta|thx|cheers>>, Jo",
        "- employee: {name}\n- no.: {id}\n- mail: {email}\n- room: {room} ({office})\n- state: {status}\n- trainings: {courses}\n- {car}",
        "In an emergency please call {emergency.name} ({emergency.relation} of {name}), {emergency.phone}. [[{name} works in {department}, room {room}. ]]<<Staff number|Personnel number>>: {id}. Status: {status}.",
        "Reference\n\n{name} worked for us from {hired} as {position} in the {department} department at {office}. In these years {name} completed the following courses: {courses}. [[The weekly working time was {hours} hours. ]]<<The superior, {manager}, was always content|{manager}, the direct superior, praised this work>>. We were 85 people at that time.",
        "<<Change of contract|Amendment no. 2>> for {name}, staff no. {id}: salary {salary} per month, {hours} hours a week, {vacation} vacation days, {home_days} days at home, {contract}, {car}.",
        "Who is {name}?\n-> {position}, {department}[[, {office}]]\nWho is the boss there?\n-> {manager}\nMail?\n-> {email}\nWhy is there no answer?\n-> {status}, so I'm told.",
        "To: Payroll\nSubject: {id}\n\nHello,\n<<please note for next month|as of the 1st>>: {name}, {department}. New salary {salary} per month. Still {hours} hours. Emergency contact changed to {emergency.name} ({emergency.relation}), phone {emergency.phone}. [[{car}. ]]\n\nThanks, Benny from HR",
        'At last year\'s party the mayor spoke for an hour; this time {name} of {department} took the stage. {name} has been with the firm since {hired}, <<has passed|did>> these trainings: {courses}. "{home_days} days a week I work at home," says the {position}. {manager}, as line manager, nods. The contract? {contract}.',
        "staff_no={id}, name={name}, dept={department}, job={position}, line_manager={manager}, office={office}, leave_days={vacation}, contract={contract}",
        "Desk plan {office}: {room} is now taken by {name} ({position}, mail {email}). Note: {status}. Home office {home_days} days a week.",
        "Employee: {name}\nID: {id}\nDepartment: {department}\nTitle: {position}\nReports to: {manager}\nStart date: {hired}\nLocation: {office}\nE-mail: {email}[[\nSalary: {salary} per month]]",
        "<<Since|As of>> {hired}, {name} (staff number {id}) <<works|is employed>> as {position} in {department} at our {office} office. <<The supervisor is|The superior is>> {manager}. [[The monthly salary is {salary}. ]]<<Type of contract|Contract>>: {contract}[[; {vacation} days of annual leave]].",
    ),
)
