"""Insurance claims: policy, event, damage, parties, decision."""

from ..domain import Domain, f, g, rows, values
from ..values import (
    CITY,
    COMPANY,
    EMAIL,
    PERSON,
    PHONE,
    STREET,
    choice,
    code,
    date,
    datetime,
    flag,
    integer,
    money,
    options,
)

ITEM = options(
    "living room carpet", "laptop", "bicycle", "windscreen", "washing machine", "kitchen ceiling", "television", "front bumper", "roof tiles", "wedding ring", "camera",
    "garden fence", "parquet floor", "sofa", "left headlight", "suitcase", "freezer contents", "shop window", "garage door", "piano", "solar panel", "tent", "wallpaper",
    "wing mirror", "chimney", "heating boiler", "mobile phone", "greenhouse", "rear door", "wardrobe", "awning", "bathroom tiles", "mattress",
)  # fmt: skip
INJURY = options(
    "broken wrist", "bruised knee", "whiplash", "concussion", "sprained ankle", "cut on the forehead", "cracked rib", "burn on the hand", "torn ligament", "back pain",
    "smoke inhalation", "broken tooth", "dislocated shoulder", "grazed elbow", "shock", "black eye", "fractured collarbone", "stiff neck", "dog bite", "twisted knee",
    "nosebleed", "swollen foot", "broken finger", "ringing ears", "hypothermia", "food poisoning", "bruised hip", "scalded arm", "pulled muscle", "splinter in the eye",
    "crushed toe",
)  # fmt: skip

DOMAIN = Domain(
    name="insurance_claim",
    tasks=(
        "Extract the claim.",
        "Read the notice of loss.",
        "What happened and what is claimed?",
        "Fill in the claim form.",
    ),
    fields={
        "claim": f(
            "claim claim_number claim_id claim_no file_number",
            code("CL-######", "####-####-#", "SCH#####", "C##/#####"),
            "number of the claim",
        ),
        "policy": f(
            "policy policy_number policy_no contract",
            code("POL#######", "@@-###-####", "##########", "P-####/##"),
            "number of the policy",
        ),
        "holder": g(
            "holder policyholder insured claimant",
            name=f("name full_name", PERSON, "who is insured"),
            phone=f("phone tel", PHONE),
            email=f("email mail", EMAIL),
            street=f("street street_address", STREET),
        ),
        "insurer": f("insurer insurance_company insurance carrier", COMPANY, "the insurance company"),
        "adjuster": f("adjuster assessor handler claims_handler", PERSON, "who examines the claim"),
        "occurred": f(
            "occurred date_of_loss occurred_at incident_time loss_date", datetime(), "when it happened"
        ),
        "reported": f(
            "reported reported_on notification_date date_reported", date(), "when the insurer was told"
        ),
        "place": f("place incident_city location city", CITY, "where it happened"),
        "cause": f(
            "cause cause_of_loss peril event_type loss_type",
            choice(
                fire="a fire|a candle that set things alight|smoke and flames|a short circuit that burnt the wiring",
                water="a burst pipe|water from the flat above|a leaking washing machine|a blocked drain that flooded the room",
                theft="a theft|burglars who forced the door|a pickpocket|thieves in the night",
                storm="a storm|hail|a falling tree in high wind|a lightning strike",
                collision="a collision with another car|a rear-end crash|a bump in the car park|a crash at a crossroads",
                vandalism="vandals|youths with spray cans|someone who scratched it on purpose",
            ),
            "what led to the loss",
        ),
        "damages": rows(
            "damages damaged_items losses items",
            [
                "{item}: {value}",
                "{item} ({value})",
                "{item}, bought {bought}, {value}",
                "{item} / {value} / {bought}",
                "{value} for the {item}",
            ],
            joins="newline bullet number semicolon",
            item=f("item object thing description", ITEM, "what was damaged or lost"),
            value=f("value amount loss", money(20, 4000), "worth of it"),
            bought=f("bought purchase_date purchased", date()),
        ),
        "injuries": values(
            "injuries injured_parts medical_findings", INJURY, count=(1, 3), joins="comma and semicolon"
        ),
        "amount": f(
            "amount claimed_amount claim_amount sum_claimed", money(50, 60000), "what the insured asks for"
        ),
        "deductible": f("deductible excess own_share", money(50, 2000), "what the insured bears"),
        "payout": f("payout amount_paid settlement indemnity", money(50, 60000), "what the insurer pays"),
        "status": f(
            "status claim_status state decision",
            choice(
                open="open|being examined|with the assessor|under examination",
                waiting="on hold until documents arrive|waiting for papers from the insured|incomplete, papers are missing",
                approved="approved|accepted in full|recognised",
                denied="denied|turned down|not covered and therefore refused",
                paid="paid and closed|settled|closed after payment",
            ),
        ),
        "police": f(
            "police police_report police_informed reported_to_police",
            flag(
                "police informed|a police report exists|the police took it down",
                "police not informed|no police report|the police were not called",
            ),
            "whether the police know",
        ),
        "witnesses": f(
            "witnesses witness_count number_of_witnesses", integer(0, 9), "how many people saw it"
        ),
        "at_fault": f(
            "at_fault own_fault insured_at_fault",
            flag(
                "my own fault|the insured is to blame|caused by the insured",
                "not my fault|the other party is to blame|someone else's fault",
            ),
            "whether the insured caused it",
        ),
    },
    templates=(
        "Dear <<Sir or Madam|claims department|{insurer} team>>,\n\n<<I have to report a loss|I wish to report damage|please register a claim>> under policy {policy}. On {occurred} <<there was damage in {place}|it happened in {place}>>; the cause was {cause}. <<The following is lost or damaged|Affected are>>:\n{damages}\n\n[[I claim {amount} in all. ]][[As to the law: {police}. ]]<<I look forward to your reply.|You may send someone to look at it any day.|My cousin had good experience with you.>>\n\nYours sincerely\n{holder.name}[[\n{holder.phone}]]",
        "CLAIM FORM\nPolicy no.: {policy}\n<<Policyholder|Insured person>>: {holder.name}\n<<Street|Address>>: {holder.street}\nPhone: {holder.phone}\n<<Date and time of loss|When>>: {occurred}\n<<Where|Place>>: {place}\n<<Cause|What caused it>>: {cause}\nWitnesses: {witnesses}\n<<Police|Authorities>>: {police}\n[[Fault: {at_fault}\n]]Amount claimed: {amount}",
        "| claim | policy | insured | <<reported|reported on>> | claimed | <<paid out|payout>> | status |\n| {claim} | {policy} | {holder.name} | {reported} | {amount} | {payout} | {status} |",
        "<<hi|hello>>, {holder.name} here, policy {policy}. <<it was|we had>> {cause} in {place}, {occurred}. {at_fault}. {police}. <<what do i do now?|who pays?|pls call>> {holder.phone}",
        "<<Dear|Hello>> {holder.name},\n\nyour claim {claim} is {status}.[[ We pay {payout}; the deductible of {deductible} has been taken off.]] <<Your handler is|The file is with>> {adjuster}.[[ You reported the case on {reported}.]] <<Our brochure on home safety is enclosed.|We wish you all the best.|This letter was made by machine.>>\n\n{insurer}",
        "Report of the assessor {adjuster}: <<claim|file>> {claim}, insured {holder.name}. <<The damage in {place} was caused by|What happened in {place}:>> {cause}. <<I was there for two hours.|The inspection took place in daylight.|The lock is of a make sold since the nineties.>> I value the losses as follows:\n{damages}\n\n<<The insured asks for|Claimed:>> {amount}.[[ Witnesses: {witnesses}.]]",
        "* claim {claim}\n* insurer {insurer}\n* {holder.name}, {holder.email}\n* loss: {cause}, {place}, {occurred}\n* injuries: {injuries}\n* {police}\n* {at_fault}",
        "Caller: <<I need to report an accident.|Hello, something happened.>>\nClerk: <<Your name and policy?|Who is calling, which policy?>>\nCaller: {holder.name}, {policy}.\nClerk: When <<was it|did it happen>>?\nCaller: {occurred}, in {place}.\nClerk: <<And the cause?|What caused it?>>\nCaller: {cause}.\nClerk: <<Anyone hurt?|Injuries?>>\nCaller: {injuries}.\nClerk: Your claim is {claim}[[, {adjuster} will call you]].",
        "claim;policy;<<date of loss|occurred>>;place;cause;claimed;<<deductible|excess>>;status\n{claim};{policy};{occurred};{place};{cause};{amount};{deductible};{status}",
        "Claim {claim} under policy {policy} with {insurer} was <<reported|notified>> on {reported}. <<Its origin is|The cause is>> {cause}, at {place}. {holder.name} suffered: {injuries}. <<The hearing of the neighbours, a Mrs. Quill among them, gave nothing.|A former claim over a lost umbrella was closed long ago.>>[[ Number of witnesses: {witnesses}.]] <<Question of fault|Fault>>: {at_fault}. The claim is {status}.",
        "Subject: <<damage report|re: my claim>> {claim}\n\n<<Good morning|Dear {adjuster}>>,\n\n<<as promised, the list of what is gone or broken|here is the list you asked for>>:\n{damages}\n\nIt was {cause}, as I said. {police}. <<My deductible is|I know that I carry>> {deductible}.\n\n{holder.name}\n{holder.email}",
        "<<Settlement letter|Statement of settlement>>\nClaim: {claim}\nClaimed: {amount}\nDeductible: {deductible}\nPaid: {payout}\nState: {status}\nHandler: {adjuster}\nCompany: {insurer}",
        "Schadenmeldung {claim}\nVersicherungsnummer: {policy}\nVersicherter: {holder.name}, {holder.street}\nSchadentag: {occurred}\nSchadenort: {place}\nGemeldet am: {reported}\n{damages}\nForderung: {amount}[[\nSelbstbeteiligung: {deductible}]][[\nSachbearbeiter: {adjuster}]]",
        "note to file {claim}: spoke with {holder.name} ({holder.phone}). cause = {cause}. {witnesses} witnesses. {police}. {at_fault}. <<sounded credible|sounded tired>>. {adjuster} to inspect; status: {status}",
        "Claim number: {claim}\nPolicy number: {policy}\nInsured: {holder.name}\nDate of loss: {occurred}\nLocation: {place}\nCause of loss: {cause}\nPolice: {police}\nClaimed amount: {amount}\nStatus: {status}[[\nAdjuster: {adjuster}]]",
        "<<Dear claims team|To {insurer}>>,\n\nmy policy number is {policy}. On {occurred} there was damage in {place} because of {cause}. As for fault: {at_fault}; {witnesses} people saw it. The damage:\n{damages}\n\n<<I ask you to pay|I claim>> {amount}.\n\n{holder.name}\n{holder.street}\n{holder.email}",
    ),
)
