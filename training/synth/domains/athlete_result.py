"""Results of athletes: who, in which contest, how far or fast, which place."""

from ..domain import Domain, f, g, rows
from ..values import (
    CITY,
    COUNTRY,
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
    number,
    options,
    text,
    time,
)

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_MEDALS = {
    "gold": "won gold|took the gold medal|came away with gold",
    "silver": "won silver|took the silver medal|came away with silver",
    "bronze": "won bronze|took the bronze medal|came away with bronze",
    "none": "went home without a medal|missed the podium|won no medal",
}
_place: list[int] = []


def _rank(v: Values) -> Surface:
    n = v.rng.choice([1, 2, 3, v.rng.randint(1, 12), v.rng.randint(4, 60)])
    _place[:] = [n]
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return Surface(n, _ORDINALS[n - 1] if n <= 12 and v.chance(0.4) else f"{n}{ending}")


def _medal(v: Values) -> Surface:
    n = _place.pop() if _place else v.rng.randint(1, 5)
    label = ["gold", "silver", "bronze"][n - 1] if n <= 3 else "none"
    return Surface(label, v.rng.choice(_MEDALS[label].split("|")))


_RANK = Kind(
    _rank, (Form({"type": "integer"}), Form({"type": "integer"}), Form({"type": "integer", "minimum": 1}))
)
_MEDAL = Kind(_medal, (Form({"enum": list(_MEDALS), "type": "string"}),))
_DISCIPLINES = options(
    "100 m sprint", "marathon", "long jump", "pole vault", "javelin", "shot put", "hammer throw", "discus", "triple jump", "decathlon", "400 m hurdles",
    "10 km run", "50 m freestyle", "200 m butterfly", "100 m backstroke", "road race", "time trial", "downhill", "slalom", "ski jumping", "biathlon sprint",
    "cross-country relay", "triathlon", "rowing single sculls", "canoe slalom", "speed skating 1500 m", "steeplechase", "half marathon", "mountain run",
    "hill climb", "20 km walk", "luge singles", "skeleton", "open water 5 km",
)  # fmt: skip
_MEETINGS = text(
    lambda v: v.rng.choice(
        [
            "{} Open",
            "{} Grand Prix",
            "{} Games",
            "{} Cup",
            "National Championships {}",
            "{} Night of Athletics",
            "{} Memorial",
            "{} Classic",
            "Youth Festival {}",
        ]
    ).format(
        v.name(
            ["Berlin", "Oslo", "Turin", "Boston", "Nairobi", "Osaka", "Lyon", "Graz", "Zurich", "Accra"], 0.6
        )
    )
)
_CLUB = text(
    lambda v: v.rng.choice(
        [
            "TSV {}",
            "{} Athletics",
            "SC {}",
            "{} Harriers",
            "{} United",
            "Team {}",
            "{} Runners",
            "AC {}",
            "{} Wheelers",
        ]
    ).format(v.word(1, 2).capitalize())
)
_MARK = code("##.## s", "#:##.##", "##:##", "#:##:##", "#.## m", "##.## m", "#### points")

DOMAIN = Domain(
    name="athlete_result",
    tasks=(
        "Extract the result.",
        "Who came where?",
        "Read the sports report.",
        "Result of the athlete, please.",
        "Sports result as JSON.",
    ),
    fields={
        "athlete": g(
            "athlete competitor participant sportsperson",
            name=f("name full_name athlete_name", PERSON, "name of the athlete"),
            country=f("country nation nationality", COUNTRY, "country the athlete starts for"),
            club=f("club team association", _CLUB, "club of the athlete"),
            age=f("age years", integer(15, 44), "age in years"),
            bib=f("bib bib_number start_number", integer(13, 999, words=0), "number on the shirt"),
        ),
        "discipline": f("discipline event sport race", _DISCIPLINES, "in which discipline"),
        "competition": f(
            "competition meeting contest tournament championship", _MEETINGS, "name of the competition"
        ),
        "city": f("city venue place host_city location", CITY, "where it took place"),
        "day": f("date day held_on event_date", date(), "day of the competition"),
        "rank": f("rank place position placing finish", _RANK, "final place, as a number"),
        "result": f("result mark performance time_or_distance", _MARK, "time, distance or points as given"),
        "medal": f("medal medal_won podium", _MEDAL, "which medal, if the text says so"),
        "record": f(
            "record record_type best new_record",
            choice(
                world_record="a new world record|better than anyone in history|the best mark ever on this planet",
                national_record="a new national record|the best ever by an athlete of that country|a country record",
                personal_best="a new personal best|better than ever before in the athlete's career|a lifetime best",
                season_best="a season's best|the athlete's best of this year|the athlete's top mark this season",
                no_record="no record of any kind|short of every record|far from any best mark",
            ),
            "which record was set",
        ),
        "previous": f("previous_best former_best old_personal_best", _MARK, "the athlete's best before"),
        "round": f(
            "round stage phase",
            choice(
                heat="in the heats|in the preliminary heat|in the first round",
                semi_final="in the semi-final|in the semis|one step before the final",
                final="in the final|in the deciding race|in the final round",
            ),
            "which round",
        ),
        "coach": f("coach trainer coached_by", PERSON, "the athlete's coach"),
        "wind": f("wind wind_speed wind_mps", number(0.1, 4.0, 1, unit=" m/s"), "wind in metres per second"),
        "splits": rows(
            "splits attempts intermediate_marks series",
            ["{label}: {mark}", "{label} {mark}", "{label} - {mark}", "{label} in {mark}"],
            count=(1, 4),
            joins="comma semicolon and",
            label=f("label section attempt name", code("lap #", "km ##", "try #", "leg #"), "which part"),
            mark=f("mark time value result", code("##.##", "#:##.#", "##:##"), "its mark"),
        ),
        "valid": f(
            "valid counted is_valid",
            flag(
                "the result stands|the jury confirmed the result|officially valid",
                "disqualified afterwards|later struck from the list by the jury|declared void",
            ),
            "whether the result counts",
        ),
        "start": f("start_time started_at start", time(), "when it started"),
    },
    templates=(
        "{athlete.name}[[ ({athlete.country})]] <<finished|came|was>> {rank} in the {discipline} at the {competition} in {city} <<with|clocking up>> {result}[[, {record}]]. [[{athlete.name} {medal}.]]",
        "{rank} | {athlete.name} | {athlete.country} | {athlete.club} | {result}",
        "RESULT SHEET\nEvent: {discipline}\nMeeting: {competition}, {city}\nDate: {day}\nBib: {athlete.bib}\nName: {athlete.name}\n[[Club: {athlete.club}\n]]Place: {rank}\nMark: {result}\n[[Wind: {wind}\n]]Status: {valid}",
        "<<YESSS|omg|wow>> {athlete.name} {medal}!!! {discipline}, {city}. {rank} place, <<the clock says|official mark>> {result}. <<old best was {previous}|before that the best was {previous}>>. {record}! <<drinks on me tonight|I have no voice left>>",
        "Dear club members,\n\non {day} our {athlete.name} started {round} of the {discipline} at the {competition}. {athlete.name}, {athlete.age} years old, placed {rank} with {result}. <<That is|This means>> {record}. [[Coach {coach} was moved to tears. ]]The bus home broke down twice, but nobody minded.\n\nSporting regards,\nThe board of {athlete.club}",
        "- athlete: {athlete.name}, {athlete.age}\n- nation: {athlete.country}\n- discipline: {discipline}\n- stage: {round}\n- place: {rank}\n- mark: {result}\n- record? {record}\n[[- ruling: {valid}]]",
        '"I felt light as a feather," said {athlete.name} from {athlete.club} after the {discipline}. <<The {athlete.age}-year-old|At {athlete.age}, the athlete>> came {rank} and {medal} in {city}; trainer {coach} had planned this for three winters. The mark, {result}, is {record}. Some 4,000 people watched.',
        "{discipline}, {competition}. Splits of {athlete.name} (no. {athlete.bib}):\n{splits}\nTotal: {result}. Place: {rank}.",
        "Q: Who won what on {day}?\nA: {athlete.name} {medal}, {discipline}.\nQ: Which place exactly?\nA: The {rank}.\nQ: Which mark?\nA: {result}.\nQ: And the best before?\nA: {previous}.\nQ: Who is the coach?\nA: {coach}.",
        "Jury minutes. The {discipline} started at {start} {round}. The result of number {athlete.bib}, {athlete.name} ({athlete.country}), {result}, wind {wind}: {valid}. [[Rank: {rank}. ]]Two protests were filed and one umbrella was found.",
        "athlete={athlete.name}; club={athlete.club}; event={discipline}; meet={competition}; place={rank}; mark={result}; prev={previous}; coach={coach}",
        "Local news: at the {competition} held in {city} on {day} in front of a small crowd, {athlete.name} <<ended up|arrived>> {rank} {round} of the {discipline}. The marks in detail: {splits}. {athlete.club} <<congratulates|is proud>>.",
        "Start list and outcome: {start}, {discipline}. Bib {athlete.bib} - {athlete.name}, {athlete.country}, age {athlete.age}. Outcome: {rank} place, {medal}. Mark {result} with {wind} of wind; {record}.",
        "{competition}: {valid}! {athlete.name} ran, jumped or threw {result}. Previous best {previous}. Coach: {coach}. Round: {round}. Club: {athlete.club}.",
        "<<Result|Results>> of the {competition} ({city}, {day})\nDiscipline: {discipline}\nAthlete: {athlete.name}, {athlete.country}\nRank: {rank}\nResult: {result}[[\nMedal: {athlete.name} {medal}]][[\nCoach: {coach}]]",
        "On {day}, {athlete.name} of {athlete.club} <<finished|came>> {rank} in the {discipline} at the {competition} in {city}. <<The mark was|The result was>> {result}, {record}. [[The {athlete.age}-year-old {medal}. ]][[The coach is {coach}.]]",
    ),
)
