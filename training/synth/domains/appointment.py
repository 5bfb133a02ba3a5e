"""Medical appointments: patient, doctor, day, reason, preparation."""

from ..domain import Domain, f, g, rows, values
from ..values import (
    CITY,
    EMAIL,
    PERSON,
    PHONE,
    STREET,
    choice,
    code,
    date,
    flag,
    integer,
    money,
    options,
    text,
    time,
)

_SPECIALTIES = options(
    "dermatology", "cardiology", "radiology", "orthopaedics", "paediatrics", "neurology", "urology", "gynaecology", "ophthalmology", "dentistry",
    "oncology", "psychiatry", "physiotherapy", "ENT", "endocrinology", "gastroenterology", "rheumatology", "nephrology", "pulmonology", "allergology",
    "general practice", "internal medicine", "surgery", "geriatrics", "haematology", "sports medicine", "speech therapy", "nutrition", "sleep medicine",
    "pain clinic", "travel medicine", "podiatry", "orthodontics",
)  # fmt: skip
_SYMPTOMS = options(
    "headache", "back pain", "fever", "cough", "sore throat", "rash", "dizziness", "nausea", "knee pain", "blurred vision", "earache", "toothache",
    "insomnia", "fatigue", "chest pain", "shortness of breath", "swollen ankle", "stomach ache", "itching", "numb fingers", "hoarseness", "runny nose",
    "palpitations", "neck stiffness", "heartburn", "hair loss", "weight loss", "cramps", "tinnitus", "migraine", "shoulder pain", "joint pain", "bleeding gums",
)  # fmt: skip
_DRUGS = options(
    "ibuprofen", "paracetamol", "aspirin", "metformin", "ramipril", "insulin", "amoxicillin", "levothyroxine", "omeprazole", "simvastatin", "bisoprolol",
    "cetirizine", "salbutamol", "prednisolone", "diclofenac", "candesartan", "sertraline", "pantoprazole", "amlodipine", "warfarin", "melatonin",
    "tramadol", "lorazepam", "vitamin D", "iron tablets", "doxycycline", "gabapentin", "codeine", "loratadine", "folic acid", "atorvastatin", "tamsulosin",
)  # fmt: skip
_CLINIC = text(
    lambda v: v.rng.choice(
        [
            "{} Clinic",
            "St. {} Hospital",
            "{} Medical Centre",
            "Praxis {}",
            "{} Health Centre",
            "{} Surgery",
            "Polyclinic {}",
        ]
    ).format(
        v.word(1, 2).capitalize()
        if v.chance(0.6)
        else v.pick(
            [
                "Mary",
                "Riverside",
                "Park",
                "Hilltop",
                "Harbour",
                "Oakwood",
                "Lakeside",
                "Central",
                "Northgate",
                "Elm Tree",
            ]
        )
    )
)
_INSURER = text(
    lambda v: (
        f"{v.word(1, 2).capitalize()} {v.rng.choice(['Health', 'Insurance', 'Krankenkasse', 'Mutual', 'Care', 'BKK'])}"
    )
)

DOMAIN = Domain(
    name="appointment",
    tasks=(
        "Extract the appointment.",
        "Medical appointment details.",
        "When and where is the appointment?",
        "Read the clinic's message.",
        "Appointment as JSON.",
    ),
    fields={
        "patient": g(
            "patient person",
            name=f("name full_name patient_name", PERSON, "who is treated"),
            born=f("born birth_date date_of_birth dob", date(), "birthday of the patient"),
            phone=f("phone mobile telephone", PHONE, "the patient's number"),
            insurer=f("insurer insurance health_insurance", _INSURER, "health insurance of the patient"),
        ),
        "doctor": f("doctor physician doctor_name practitioner", PERSON, "name of the doctor, without title"),
        "specialty": f(
            "specialty department field_of_medicine discipline", _SPECIALTIES, "branch of medicine"
        ),
        "clinic": g(
            "clinic practice hospital place",
            name=f("name clinic_name", _CLINIC, "where the appointment is"),
            city=f("city town", CITY),
            street=f("street address", STREET),
            email=f("email mail", EMAIL, "where to write to the clinic"),
        ),
        "day": f("date day appointment_date on", date(), "day of the appointment"),
        "time": f("time at appointment_time start_time", time(), "time of the appointment"),
        "duration": f(
            "duration_minutes duration minutes length", integer(10, 120, words=0), "how long, in minutes"
        ),
        "room": f("room room_number where", code("#.##", "@##", "###", "@-#"), "room in the clinic"),
        "type": f(
            "type visit_type appointment_type reason_for_visit",
            choice(
                first_visit="a first visit|a new patient visit|a getting-to-know consultation",
                follow_up="a follow-up|a follow-up after the operation|a control visit after last month's treatment",
                check_up="a routine check-up|a yearly check-up|a general health check",
                vaccination="a vaccination|a booster shot|a flu jab",
                blood_test="a blood test|a blood sample|a blood draw",
                imaging="an X-ray|an MRI scan|an ultrasound",
            ),
            "kind of visit",
        ),
        "status": f(
            "status state appointment_status",
            choice(
                confirmed="confirmed|firmly booked|fixed",
                cancelled="cancelled|called off|struck from the calendar",
                pending="not yet confirmed|still pending|awaiting confirmation",
                missed="missed without notice|a no-show|not kept by the patient",
                completed="already over|completed|done and documented",
            ),
            "state of the appointment",
        ),
        "symptoms": values("symptoms complaints problems signs", _SYMPTOMS, (1, 4)),
        "drugs": rows(
            "medications drugs medicines prescriptions",
            [
                "{drug} {dose} mg, {times} times a day",
                "{drug}, {times}x daily",
                "{drug} ({dose} mg)",
                "{times} x {drug} {dose} mg per day",
                "{dose} mg of {drug}",
            ],
            count=(1, 3),
            joins="comma semicolon newline bullet",
            drug=f("name drug medicine", _DRUGS, "name of the drug"),
            dose=f(
                "dose_mg dose strength", integer(5, 800, grouped=False, words=0), "strength in milligrams"
            ),
            times=f("times_per_day frequency daily", integer(2, 4), "how often per day"),
        ),
        "fasting": f(
            "fasting must_fast empty_stomach",
            flag(
                "please come on an empty stomach|do not eat before the visit|fasting is required",
                "you may eat before|no need to fast|breakfast is allowed",
            ),
            "whether the patient has to come without eating",
        ),
        "mode": f(
            "mode format how",
            choice(
                video="by video|as a video call|online by camera",
                phone="by telephone|as a phone call|over the phone",
                in_person="in person|at the practice|face to face",
            ),
            "in person or remote",
        ),
        "fee": f("fee cost price charge", money(5, 300), "what the patient pays"),
        "interpreter": f(
            "interpreter_needed needs_interpreter interpreter",
            flag(
                "an interpreter is needed|please book an interpreter|interpreter requested",
                "no interpreter is needed|no interpreter required|speaks the language well, no interpreter",
            ),
            "whether an interpreter is needed",
        ),
    },
    templates=(
        "Dear {patient.name},\n\n<<your appointment|your visit>> with Dr. {doctor}[[ ({specialty})]] is {status}: {day} at {time}[[, {clinic.name}, {clinic.street}]]. [[It takes {duration} minutes. ]][[Note: {fasting}. ]]\n\n<<Kind regards|Your practice team>>",
        "Reminder: {day}, {time}, {specialty}, room {room}. {fasting}. <<To cancel|Changes to>>: {clinic.email}",
        "APPOINTMENT SLIP\nPatient: {patient.name}\nDate of birth: {patient.born}\n[[Insurance: {patient.insurer}\n]]Doctor: {doctor}\nDate: {day}\nTime: {time}\n[[Room: {room}\n]]Visit: {type}\nStatus: {status}",
        "{day} | {time} | {patient.name} | {doctor} | {specialty} | {status}[[ | {duration} min]]",
        "hi doc's office? {patient.name} here[[, born {patient.born}]]. <<I've got|Since Monday I have>> {symptoms}. <<could I come on|would it work on>> {day} around {time}? <<{mode} would be best|preferably {mode}>>. call me: {patient.phone}",
        "Referral\n\nDr. {doctor}, {clinic.name}, {clinic.city}\n\nI am sending you {patient.name} (born {patient.born}) for {type}. Complaints: {symptoms}. Current medication:\n{drugs}\n[[{interpreter}. ]]\nWith best regards from your colleague in the next street",
        "Note from the desk: {patient.name} rang at half past eight. Wants {type}, {mode}. Put down for {day}, {time}, with {doctor}; {status}. [[Insurance is {patient.insurer}. ]][[{interpreter}.]]",
        "- who: {patient.name}\n- what: {type}\n- when: {day}, {time}\n- where: {clinic.name}, {clinic.street}, {clinic.city}\n- how long: {duration} minutes\n- fee: {fee}\n- {fasting}",
        "Record of visit. {patient.name} was seen on {day} by {doctor} in {specialty}. Symptoms: {symptoms}. Prescribed:\n{drugs}\n[[Charged: {fee}. ]]Blood pressure normal, weight 71 kg.",
        "<<Grandma's|Mum's|The neighbour's>> appointment is {status}! It is {type} at {clinic.name} in {clinic.city} on {day}, we have to be there at {time}, room {room}. {fasting}. The name of the doctor is {doctor}. I'll drive, the tank is full.",
        "Subject: Your booking with {clinic.name}\n\nHello {patient.name},\n\nyou booked {type}, {mode}, lasting {duration} minutes. The price is {fee}. State of the booking: {status}. [[Regarding language: {interpreter}. ]]<<Write to|Questions to>> {clinic.email}.\n\nThis mail was generated automatically, ticket 5 in the queue.",
        "doctor={doctor};specialty={specialty};date={day};time={time};patient={patient.name};insurer={patient.insurer};mode={mode}",
        "Medication plan for {patient.name}, drawn up by {doctor}:\n{drugs}\n<<Next visit|Come back on>>: {day}, {time}. It will be {type}. [[{fasting}. ]]Insurance: {patient.insurer}.",
        "The {specialty} department has a free slot of {duration} minutes with {doctor} on {day} at {time}, {mode}. {patient.name}, who suffers from {symptoms}, gets it; phone {patient.phone}.",
        "Dear {patient.name},\n\n<<this is to remind you of|we look forward to seeing you at>> your appointment on {day} at {time} with Dr. {doctor} at {clinic.name}, {clinic.street}, {clinic.city}. The reason is {type}. [[Please plan {duration} minutes. ]]<<Also, {fasting}|Please note: {fasting}>>.\n\nBest wishes,\n{clinic.name}",
        "Appointment\nPatient: {patient.name}\nDoctor: Dr. {doctor}\nDepartment: {specialty}\nDate: {day}, {time}\nPlace: {clinic.name}, {clinic.city}\n[[Symptoms: {symptoms}\n]]Status: {status}",
    ),
)
