"""Answers to questionnaires: how content, how often, what is missing."""

from ..domain import Domain, f, values
from ..values import CITY, EMAIL, Form, Kind, Surface, Values, choice, code, date, flag, integer, options

_SATISFIED = {
    "very_satisfied": "I'm thrilled|very satisfied|I couldn't be happier|extremely happy with it|completely content|it delights me every time",
    "satisfied": "I'm satisfied|rather happy|content on the whole|it suits me fine|mostly pleased|quite all right for me",
    "neutral": "neither satisfied nor dissatisfied|no opinion either way|so-so|it's neither here nor there|middling|I'm indifferent",
    "dissatisfied": "rather dissatisfied|not happy|I'm somewhat disappointed|it falls short|less than pleased|I had hoped for more",
    "very_dissatisfied": "extremely unhappy|very dissatisfied|it's a disaster|utterly fed up|I'm furious|completely let down",
}
_SCORES = dict(zip(_SATISFIED, [(9, 10), (7, 8), (5, 6), (3, 4), (0, 2)], strict=True))
_mood: list[str] = []


def _satisfaction(v: Values) -> Surface:
    label = v.rng.choice(list(_SATISFIED))
    _mood[:] = [label]
    return Surface(label, v.rng.choice(_SATISFIED[label].split("|")))


def _score(v: Values) -> Surface:
    return Surface(n := v.rng.randint(*(_SCORES[_mood.pop()] if _mood else (0, 10))), str(n))


_SUBJECT = options(
    "the canteen", "the bus service", "our web shop", "the swimming pool", "the library", "the training day", "the new intranet", "the newsletter",
    "the hospital stay", "the hotline", "the gym", "the museum visit", "the delivery service", "the language course", "the parents' evening",
    "the car park", "the city app", "the summer camp", "the bank branch", "the museum shop", "the town hall desk", "the holiday club",
    "the internet connection", "the meal box", "the bike rental", "the music school", "the cleaning service", "the theatre season", "the energy supplier",
    "the neighbourhood fair", "the recycling yard", "the rental office",
)  # fmt: skip
_LIKED = options(
    "opening hours", "friendly staff", "low prices", "clear signs", "clean rooms", "short waiting times", "good lighting", "large selection",
    "easy booking", "quiet atmosphere", "fresh food", "free parking", "helpful advice", "quick replies", "good location", "modern equipment",
    "nice garden", "simple forms", "comfortable seats", "honest information", "small groups", "fair rules", "reliable timetable", "good coffee",
    "the music", "online access", "the discount card", "the playground", "warm welcome", "regular updates", "the view", "accessibility",
)  # fmt: skip
_MISSED = options(
    "longer opening hours", "more seats", "a dark mode", "vegetarian dishes", "a lift", "bike racks", "card payment", "a quiet room", "more toilets",
    "better heating", "a mobile app", "clearer prices", "weekend courses", "English signs", "a shuttle bus", "faster internet", "lockers", "shade outside",
    "a phone number", "live chat", "air conditioning", "a water fountain", "changing tables", "a suggestion box", "printed programmes", "evening hours",
    "refunds", "a waiting list", "fewer e-mails", "parking spaces", "a ramp", "child care",
)  # fmt: skip

DOMAIN = Domain(
    name="survey_answer",
    tasks=(
        "Extract the survey answers.",
        "Code this questionnaire.",
        "What did the respondent answer?",
        "Evaluate the answer.",
        "Survey response as JSON.",
    ),
    fields={
        "id": f(
            "respondent_id id response_id participant case_number",
            code("R-####", "P###", "#####", "@@##", "case ###"),
            "number of the respondent",
        ),
        "subject": f("subject topic about survey_topic", _SUBJECT, "what the survey is about"),
        "day": f("date day answered_on submitted completed_on", date(), "when it was filled in"),
        "city": f("city residence place lives_in", CITY, "where the respondent lives"),
        "satisfaction": f(
            "satisfaction satisfaction_level overall_satisfaction contentment",
            Kind(_satisfaction, (Form({"enum": list(_SATISFIED), "type": "string"}),)),
            "how content the respondent is|overall satisfaction",
        ),
        "score": f(
            "score nps likelihood_to_recommend points",
            Kind(_score, (Form({"type": "integer"}), Form({"type": "integer", "minimum": 0, "maximum": 10}))),
            "likelihood of recommending it, 0 to 10",
        ),
        "frequency": f(
            "frequency usage_frequency how_often use",
            choice(
                daily="every day|daily|day in, day out",
                weekly="once a week|every Tuesday|on most weekends",
                monthly="once a month|about every four weeks|monthly",
                yearly="once a year|each summer, just once|every Christmas",
                never="never|not at all so far|not a single time",
            ),
            "how often it is used",
        ),
        "liked": values("liked strengths positives what_was_good best_features", _LIKED, (1, 4)),
        "missed": values("missed improvements suggestions wishes missing_features", _MISSED, (1, 3)),
        "age_group": f(
            "age_group age_bracket age_range",
            choice(
                under_18="still at school, sixteen|below eighteen|17 years old",
                from_18_to_34="in my twenties|27 years old|between eighteen and thirty",
                from_35_to_59="in my forties|52 years old|in middle age, 45",
                from_60="retired, 71|over sixty|68 years old",
            ),
            "age of the respondent",
        ),
        "heard": f(
            "heard_from source referral how_did_you_hear",
            choice(
                friends="from friends|a colleague told me|my sister mentioned it",
                advertising="from a poster|from a radio advert|saw an ad in the paper",
                internet="through a search engine|found it online|from a blog",
                school="through my school|our teacher told us|from a notice at the university",
            ),
            "how the respondent heard of it",
        ),
        "again": f(
            "would_return will_use_again repeat come_back again",
            choice(
                yes="certainly yes|yes, of course|sure, I'd do that again",
                no="no, not again|definitely not|no way",
                maybe="perhaps|maybe, it depends|I can't say yet",
            ),
            "whether the respondent would come back",
        ),
        "minutes": f(
            "duration_minutes minutes_taken time_taken", integer(2, 45), "minutes that filling in took"
        ),
        "household": f(
            "household_size household people_in_household",
            integer(1, 8, words=0.5),
            "persons in the household",
        ),
        "contact_ok": f(
            "may_contact contact_permission follow_up_ok consent",
            flag(
                "you may contact me|yes, you can write to me|further questions are welcome",
                "please do not contact me|no contact please|no further questions, thank you",
            ),
            "whether one may get in touch",
        ),
        "email": f("email mail contact_email", EMAIL, "address for further questions"),
    },
    templates=(
        "Survey on {subject}\nRespondent: {id}\nDate: {day}\n1. How satisfied are you? {satisfaction}\n2. How likely are you to recommend it (0-10)? {score}\n3. How often do you use it? {frequency}\n4. What do you like? {liked}\n5. What should be better? {missed}",
        "<<About|On>> {subject}: {satisfaction}. I use it {frequency}. <<What I like|The good side>>: {liked}. [[What I miss: {missed}. ]][[Would I come again? {again}.]]",
        "{id} | {day} | {city} | {satisfaction} | {frequency} | {score}[[ | {again}]]",
        "Dear survey team,\n\n<<thank you for asking me about|I gladly answer your questions about>> {subject}. As to satisfaction: {satisfaction}. I learned of it like this: {heard}. My age: {age_group}. [[We are {household} people in the household. ]]I wish for {missed}.\n\nKind regards from {city}[[\n{contact_ok}]]",
        "hi, ok quick answers: satisfaction? {satisfaction}. how often? {frequency}. again? {again}. wishes? {missed}. <<mail is {email}|{contact_ok}>>. gotta run, bus at ten",
        'Interviewer\'s note, household 12 in the list. The person ({age_group}, lives in {city}) was asked about {subject}. Use: {frequency}. Answer on satisfaction: "{satisfaction}". Heard of it: {heard}. The dog barked all the time. [[Interview took {minutes} minutes.]]',
        "- case: {id}\n- topic: {subject}\n- liked: {liked}\n- missing: {missed}\n- score (0-10): {score}\n- come back: {again}\n- {contact_ok}",
        "Q: Do you know {subject}?\nA: Yes, {heard}.\nQ: How often are you there?\nA: {frequency}.\nQ: And how do you find it?\nA: {satisfaction}.\nQ: What do you like best?\nA: {liked}.\n[[Q: How many live in your home?\nA: {household}.]]",
        "I filled in the form on {day}; it took {minutes} minutes. Points from 0 to 10 for recommending {subject}: {score}. Reasons: {liked}. <<On the wish list|Wishes>>: {missed}. {contact_ok}: {email}",
        "id={id};subject={subject};sat={satisfaction};nps={score};freq={frequency};age={age_group};src={heard};again={again}",
        'Comment field of questionnaire {id}: "Satisfaction: {satisfaction}. My daughter plays there too, she is fond of the big slide. Improvements: {missed}." [[Household of {household}. ]]Place of residence: {city}. Consent: {contact_ok}.',
        "<<Summary|In brief>>: respondent {id} from {city}, {age_group}, use: {frequency}, praises {liked} and asks for {missed}. <<Return visit|Will they return>>? {again}. The lottery prize of the survey is a tea set.",
        "Thanks for taking part in our survey on {subject}!\n\nYour answers of {day}:\nOverall: {satisfaction}\nUse: {frequency}\nWould use again: {again}\nSource: {heard}\n[[E-mail: {email}\n]]Time needed: {minutes} minutes",
        "Postcard in the box: we come {frequency} to {subject}. {satisfaction}. Nice were {liked}. Recommend to others, 0 to 10: {score}. A family of {household}, {city}",
        "Questionnaire {id}\nTopic: {subject}\nSatisfaction: {satisfaction}\nFrequency of use: {frequency}\nStrengths: {liked}\nSuggestions: {missed}\nRecommendation (0-10): {score}[[\nMay we contact you? {contact_ok}]]",
        "<<On {day} I was asked about|This is my feedback on>> {subject}. Am I satisfied? {satisfaction}. <<I use it|I go there>> {frequency}, and I like {liked}. <<It would be nice to have|I would love>> {missed}. [[Would I use it again? {again}. ]]Likelihood of recommending it: {score} out of 10.",
    ),
)
