"""Expense reports: who spent what, on which trip, and what comes back."""

from ..domain import Domain, f, g, rows
from ..values import CITY, COMPANY, EMAIL, PERSON, choice, code, date, flag, integer, money, number, options

PURPOSE = options(
    "trade fair", "client visit", "training course", "site inspection", "annual conference", "kick-off workshop", "sales pitch", "audit", "job interviews",
    "machine handover", "team retreat", "supplier negotiation", "product launch", "court hearing", "research stay", "user interviews", "installation on site",
    "board meeting", "press day", "recruiting event", "contract signing", "lab tests", "museum visit with guests", "hackathon", "acceptance test", "summer school",
    "partner summit", "warehouse stocktaking", "factory tour", "film shoot", "emergency repair", "investor meeting",
)  # fmt: skip
EXPENSE = options(
    "taxi", "hotel", "train ticket", "parking", "dinner with client", "flight", "breakfast", "toll", "rental car", "fuel", "conference fee", "bus pass", "printing",
    "wifi on board", "luggage fee", "tips", "museum entry", "visa", "metro", "ferry", "laundry", "phone card", "lunch", "office supplies", "courier", "ATM fee",
    "travel adapter", "city tax", "baggage storage", "books", "vaccination", "bike rental", "water and snacks",
)  # fmt: skip
DEPARTMENT = options(
    "Sales", "Marketing", "Finance", "Human Resources", "Engineering", "Logistics", "Legal", "Research", "Procurement", "Customer Care", "IT", "Quality", "Design",
    "Production", "Facility Management", "Public Relations", "Training", "Field Service", "Export", "Product", "Security", "Editorial", "Laboratory", "Controlling",
    "Warehouse", "Communications", "Strategy", "Compliance", "Maintenance", "Payroll", "Partnerships",
)  # fmt: skip

DOMAIN = Domain(
    name="expense_report",
    tasks=(
        "Extract the expense report.",
        "Read the travel expenses.",
        "What is to be reimbursed?",
        "Fill in the expense form.",
    ),
    fields={
        "number": f(
            "number report_number report_id expense_report_no claim_number",
            code("EXP-####", "ER#####", "####-##", "T-######"),
            "number of the report",
        ),
        "employee": g(
            "employee traveller submitted_by claimant",
            name=f("name full_name", PERSON, "who spent the money"),
            id=f("id employee_id staff_number personnel_number", code("E####", "#####", "P-####", "@@###")),
            email=f("email mail", EMAIL),
            department=f("department team unit", DEPARTMENT, "where the employee works"),
        ),
        "approver": f("approver approved_by manager supervisor", PERSON, "who decides on the report"),
        "purpose": f("purpose reason_for_trip business_purpose occasion", PURPOSE, "what the trip was for"),
        "destination": f("destination city place travelled_to", CITY, "where the trip went"),
        "client": f("client customer visited_company project_client", COMPANY, "client for whom it was done"),
        "start": f("start start_date departure trip_start from_date", date(), "first day of the trip"),
        "end": f("end end_date return_date trip_end to_date", date(), "last day of the trip"),
        "submitted": f(
            "submitted submission_date handed_in submitted_on", date(), "when the report was handed in"
        ),
        "expenses": rows(
            "expenses items costs receipts lines",
            [
                "{kind}: {amount}",
                "{day} {kind} {amount}",
                "{kind} {amount} ({day})",
                "{amount} for {kind}",
                "{day} - {kind} - {amount}",
                "{kind}, {amount}, {day}",
            ],
            count=(1, 5),
            joins="newline bullet number semicolon",
            day=f("day date spent_on", date(), "when it was spent"),
            kind=f("kind category type description", EXPENSE, "what the money was spent on"),
            amount=f("amount cost sum", money(2, 900), "how much it cost"),
        ),
        "total": f("total total_amount grand_total total_expenses", money(5, 6000), "sum of the expenses"),
        "advance": f(
            "advance cash_advance advance_paid prepayment", money(10, 1500), "money received before the trip"
        ),
        "reimbursement": f(
            "reimbursement amount_due to_be_paid refund balance_due",
            money(5, 5000),
            "what the employee gets back",
        ),
        "distance_km": f(
            "distance_km kilometres mileage km_driven",
            number(3, 1800, 1, unit=" km"),
            "kilometres driven by private car",
        ),
        "nights": f("nights overnight_stays number_of_nights", integer(1, 21), "nights spent away"),
        "status": f(
            "status state approval_status",
            choice(
                draft="not handed in yet|still a draft|unfinished",
                submitted="handed in and waiting|on the manager's desk|submitted, no decision so far",
                approved="approved|signed off|cleared for payment",
                rejected="rejected|sent back to the employee|not accepted",
                paid="paid out|reimbursed with the last salary|already transferred",
            ),
            "where the report stands",
        ),
        "receipts_complete": f(
            "receipts_complete all_receipts receipts_attached",
            flag(
                "all receipts attached|receipts are complete|every slip enclosed",
                "one receipt missing|receipts incomplete|some slips lost",
            ),
            "whether no receipt is missing",
        ),
    },
    templates=(
        "EXPENSE REPORT {number}\n<<Name|Employee>>: {employee.name}[[ ({employee.id})]]\n[[Department: {employee.department}\n]]<<Purpose|Occasion>>: {purpose}\n<<Trip|Travel dates>>: {start} to {end}\n<<Destination|Place>>: {destination}\n\n{expenses}\n\n<<Total|Sum>>: {total}\n[[Advance: {advance}\n]][[To be paid: {reimbursement}\n]][[Approved by: {approver}]]",
        "Hi <<Petra|accounts team|all>>,\n\n<<please find below|here are|I send you>> my expenses for the {purpose} in {destination}[[ ({nights} nights)]]:\n{expenses}\n\n<<Makes|That comes to|Altogether>> {total}.[[ I had an advance of {advance}.]] {receipts_complete}.\n\n<<Best|Thanks a lot>>\n{employee.name}[[\n{employee.department}]]",
        "<<No.|Report>> | Name | Dept. | Destination | <<From|Departure>> | <<To|Return>> | Total | Status\n{number} | {employee.name} | {employee.department} | {destination} | {start} | {end} | {total} | {status}",
        "<<where is my money for|whats up with my report for>> {destination}? {number}, {total}, <<handed it in|submitted>> {submitted}\n<<looked it up:|checking...>> {status}. {approver} <<is responsible|handles it>>[[, {receipts_complete}]]",
        "{employee.name} of {employee.department} <<travelled to|was in>> {destination} from {start} to {end}. <<The occasion was a|Occasion:>> {purpose}[[ at {client}]]. <<Expenses of|The report shows>> {total}. <<The weather did not play along.|The flight home was four hours late.|A colleague from the Leeds office came along at her own expense.>>[[ By private car: {distance_km}.]] After the advance of {advance}, {reimbursement} is due.",
        "Employee no.: {employee.id}\nName: {employee.name}\nE-mail: {employee.email}\nSupervisor: {approver}\nDeparture: {start}\nReturn: {end}\nNights: {nights}\nMileage: {distance_km}\nTotal: {total}\nBalance due: {reimbursement}",
        "* report {number}, {submitted}\n* {employee.name}, {employee.department}\n* client {client}\n* {purpose}, {destination}\n* {distance_km} by own car\n* total {total}, advance {advance}\n* {receipts_complete}\n* {status}",
        "Dear {employee.name},\n\n<<your expense report|the report>> {number}, submitted on {submitted}, is {status}.[[ {reimbursement} will go to your account.]] <<Our check of the slips found|As to the slips>>: {receipts_complete}. <<Please use the new form from the intranet next time.|Mind the new travel policy of 14 pages.>>\n\n<<Regards|Kind regards>>\n{approver}",
        "number,employee,submitted,purpose,destination,total\n{number},{employee.name},{submitted},{purpose},{destination},{total}",
        "A: <<trip to|the>> {destination}, was that {nights} nights?\nB: yes, left {start}, <<back|home>> {end}\nA: <<and the car?|how far did you drive?>>\nB: {distance_km}\nA: <<total then?|what do you want back?>>\nB: total {total}, minus {advance} advance, so {reimbursement}\nA: <<ok {employee.name}, file as|fine, {employee.name}, that's>> {number}",
        "Reimbursement request\n\nI, {employee.name} (staff number {employee.id}), <<ask for repayment of|request>> {reimbursement} for the following costs of a {purpose} with {client}:\n{expenses}\n\n<<I confirm that the costs were necessary.|The costs are free of private parts.>> Date: {submitted}[[\nTo be approved by {approver}]]",
        "<<Travel desk|Controlling|Finance note>>: {employee.name} ({employee.email}), {destination}, {nights} nights, {total}, {receipts_complete}; the report is {status}.[[ Approver: {approver}.]]",
        "Reisekosten {number}\nMitarbeiter: {employee.name}, {employee.department}\nReiseziel: {destination}\nvon {start} bis {end}\n{expenses}\nSumme: {total}\nVorschuss: {advance}\nAuszahlung: {reimbursement}[[\nKilometer: {distance_km}]]",
        'expense_report={number} employee={employee.id} email={employee.email} dept={employee.department} from={start} to={end} nights={nights} total={total} status="{status}"',
        "<<Hello|Dear accounting>>,\n\n<<I was in|my trip went to>> {destination} from {start} to {end} for a {purpose}. My expenses:\n{expenses}\n\nTotal: {total}.[[ I drove {distance_km} with my own car.]] {receipts_complete}.\n\n{employee.name}, {employee.department}",
        "Report: {number}\nSubmitted: {submitted}\nEmployee: {employee.name}\nDepartment: {employee.department}\nPurpose: {purpose}\nClient: {client}\nTotal: {total}\nAdvance received: {advance}\nApprover: {approver}\nStatus: {status}",
    ),
)
