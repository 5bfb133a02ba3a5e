"""Profiles of people: name, age, origin, work, languages, hobbies."""

import datetime as dt

from ..domain import Domain, f, g, values
from ..values import (
    _DATE_STYLES,
    CITY,
    COUNTRY,
    EMAIL,
    PERSON,
    Form,
    Kind,
    Surface,
    Values,
    choice,
    flag,
    integer,
    options,
    text,
)


def _birthday(v: Values) -> Surface:
    day = dt.date(1930, 1, 1) + dt.timedelta(days=v.rng.randint(0, 365 * 76))
    return Surface(day.isoformat(), day.strftime(v.rng.choice(_DATE_STYLES)))


_BORN = Kind(
    _birthday,
    (
        *(Form({"type": "string", "format": "date"}),) * 5,
        Form({"type": "string", "description": "as YYYY-MM-DD"}),
    ),
)
_JOBS = options(
    "nurse", "teacher", "carpenter", "plumber", "baker", "pilot", "software developer", "librarian", "dentist", "lawyer", "tax adviser",
    "violin maker", "bus driver", "data analyst", "chef", "florist", "journalist", "translator", "mechanic", "paramedic", "civil engineer",
    "hairdresser", "beekeeper", "fisherman", "photographer", "police officer", "veterinarian", "graphic designer", "tailor", "welder",
    "social worker", "physicist", "train conductor", "watchmaker", "gardener", "midwife", "speech therapist", "roofer",
)  # fmt: skip
_LANGUAGES = options(
    "English", "German", "French", "Spanish", "Italian", "Portuguese", "Polish", "Czech", "Dutch", "Swedish", "Finnish", "Danish", "Turkish",
    "Arabic", "Hebrew", "Hindi", "Urdu", "Bengali", "Tamil", "Mandarin", "Cantonese", "Japanese", "Korean", "Vietnamese", "Thai", "Swahili",
    "Yoruba", "Amharic", "Greek", "Hungarian", "Romanian", "Ukrainian", "Russian", "Catalan", "Basque", "Welsh", "Icelandic", "Maori", "Latin",
)  # fmt: skip
_HOBBIES = options(
    "chess", "hiking", "pottery", "knitting", "sailing", "birdwatching", "photography", "gardening", "rock climbing", "salsa dancing", "baking",
    "painting", "yoga", "cycling", "swimming", "stamp collecting", "astronomy", "fishing", "karaoke", "video games", "reading", "calligraphy",
    "judo", "surfing", "playing the cello", "model trains", "woodwork", "running", "crosswords", "archery", "skiing", "table tennis", "origami",
    "choir singing", "theatre", "geocaching", "poker", "horse riding", "home brewing", "sudoku",
)  # fmt: skip
_PET = options(
    "dog", "cat", "parrot", "hamster", "tortoise", "rabbit", "goldfish", "pony", "guinea pig", "canary", "ferret", "snake", "gecko", "hen", "goat",
    "budgie", "rat", "donkey", "kitten", "puppy", "greyhound", "poodle", "llama", "horse", "cockatoo", "tarantula", "dachshund", "terrier", "labrador", "beagle",
)  # fmt: skip
_NICK = text(
    lambda v: (
        v.rng.choice(
            ["Red", "Sparky", "Doc", "Bean", "Ace", "Lulu", "Mo", "Jax", "Pip", "Coco", "Ziggy", "Beppo"]
        )
        if v.chance(0.4)
        else v.word(1, 2).capitalize()
    )
)

DOMAIN = Domain(
    name="person",
    tasks=(
        "Extract the person's profile.",
        "Who is described here?",
        "Fill in the profile.",
        "Personal details as JSON.",
        "Read this description of a person.",
    ),
    fields={
        "name": f(
            "name full_name person person_name", PERSON, "full name of the person|who the text is about"
        ),
        "nickname": f(
            "nickname nick known_as alias", _NICK, "what friends call the person|short or pet name"
        ),
        "age": f("age age_years years_old", integer(18, 95), "age in years|how old the person is"),
        "birth": g(
            "birth born origin",
            date=f(
                "date birth_date date_of_birth dob birthday", _BORN, "day of birth|when the person was born"
            ),
            city=f("city birthplace place_of_birth town", CITY, "town of birth|where the person was born"),
            country=f("country birth_country", COUNTRY, "country of birth"),
        ),
        "residence": f(
            "residence lives_in home_city current_city hometown",
            CITY,
            "where the person lives now|city of residence",
        ),
        "occupation": f(
            "occupation job profession job_title works_as",
            _JOBS,
            "what the person does for a living|profession",
        ),
        "languages": values("languages spoken_languages languages_spoken speaks", _LANGUAGES, (1, 4)),
        "hobbies": values("hobbies interests pastimes leisure_activities likes", _HOBBIES, (1, 5)),
        "marital_status": f(
            "marital_status relationship_status family_status civil_status",
            choice(
                single="single|unmarried|not married|single and not looking",
                married="married|happily married|married for ten years|newly married",
                divorced="divorced|divorced since last year|divorced for some years now",
                widowed="widowed|widowed since the spring|sadly widowed",
                engaged="engaged|engaged to be married|freshly engaged",
                in_a_relationship="in a relationship|in a steady relationship|living with a partner",
            ),
            "family status|married or not",
        ),
        "children": f(
            "children number_of_children kids child_count",
            integer(2, 6, words=0.5),
            "how many children|number of kids",
        ),
        "height": f("height height_cm tall body_height", integer(148, 206), "height in centimetres"),
        "pet": f("pet pet_animal animal", _PET, "which animal the person keeps|kind of pet"),
        "smoker": f(
            "smoker smokes is_smoker",
            flag(
                "a smoker|a regular smoker|still a smoker", "a non-smoker|not a smoker|a lifelong non-smoker"
            ),
            "whether the person smokes",
        ),
        "diet": f(
            "diet eating_habits nutrition food_preference",
            choice(
                vegetarian="no meat for me|I am a vegetarian|meat-free since school",
                vegan="nothing that comes from animals|I am vegan|strictly plant-based",
                omnivore="I eat everything|no restrictions at the table|meat, fish, vegetables, all welcome",
                pescatarian="fish yes, meat no|pescatarian|no meat, but I do eat fish",
            ),
            "what the person eats",
        ),
        "email": f("email email_address mail contact", EMAIL, "where to write to|e-mail address"),
    },
    templates=(
        "{name}<<, {age},| is {age} years old and| ({age})>> <<works as a|is a|earns a living as a>> {occupation} in {residence}. [[Born in {birth.city}, {birth.country}, ]][[{name} speaks {languages}. ]]<<In the evenings and at weekends:|Hobbies include|Favourite pastimes are>> {hobbies}.",
        "Name: {name}\n[[Nickname: {nickname}\n]]<<Age|Age (years)>>: {age}\n[[Date of birth: {birth.date}\n]]Place of birth: {birth.city}\nOccupation: {occupation}\n[[Languages: {languages}\n]]<<Hobbies|Interests>>: {hobbies}[[\nHeight: {height} cm]][[\nMarital status: {marital_status}]]",
        "hi everyone!! <<new here|just joined|first post in this group>>. I'm {name}[[ but everybody says {nickname}]], {age}, <<from|originally from|grew up and was born in>> {birth.city}[[, now in {residence}]]. I <<work as a|am a>> {occupation}. <<I'm into|I love|Free time:>> {hobbies}[[ and my {pet} :)]]",
        "Dear Ms Albrecht,\n\n<<thank you for your interest in our exchange programme|as agreed I send you a few lines on our guest>>. <<Our guest is called|The person you will host is>> {name}, {age} years of age, born on {birth.date} in {birth.country}. <<Languages spoken|Our guest is at home in the following languages>>: {languages}. <<By profession|In working life>>: {occupation}. [[Please note that {name} is {smoker}. ]][[The civil status is: {marital_status}.]]\n\nYours sincerely,\nThe host family office",
        "{name} | {age} | {occupation} | {residence}[[ | {languages}]][[ | {marital_status}]]",
        "- {name}<<, born {birth.date}| (born {birth.date})>>\n- lives in {residence}\n- {occupation} by trade\n- {marital_status}[[, {children} children]]\n[[- {height} cm tall\n]][[- {smoker}\n]]- likes {hobbies}",
        "About me: {diet}. I'm {height} cm tall, {marital_status}, {smoker}. [[I share my flat in {residence} with a {pet}. ]][[When I'm not at work as a {occupation} you'll find me busy with {hobbies}. ]]<<Write to|Drop me a line at>> {email}. {name}",
        "Our new neighbour {name} moved <<to|from the coast to>> {residence} <<in March|last autumn|with three removal vans>>. {name} is {marital_status}[[, has {children} children]] and keeps a {pet}. [[The neighbours hear a lot of {languages} through the wall. ]]<<A|An experienced>> {occupation}, {name} was born in {birth.city}<<.| and is now {age}.>>",
        "MEMBER PROFILE no. 3 of 40\n{name} ({marital_status})\nborn: {birth.date}, {birth.city} ({birth.country})\njob: {occupation}\nmail: {email}\n[[spoken: {languages}\n]]spare time: {hobbies}",
        "Q: Who are you?\nA: {name}[[, friends call me {nickname}]].\nQ: How old?\nA: {age}.\nQ: What do you do?\nA: <<I'm a {occupation}|I work as a {occupation}|{occupation}>>.\n[[Q: Smoker?\nA: I'm {smoker}.\n]]Q: What about food?\nA: {diet}.\nQ: And after work?\nA: <<Mostly {hobbies}|{hobbies}>>.",
        "<<Quick intro|Short portrait|Meet the team>>: {name}. <<Born in|Comes from>> {birth.country}. [[Home today: {residence}. ]]Speaks {languages}. [[Pet: a {pet}. ]][[Children: {children}. ]]<<Loves|Has a weakness for|Spends weekends on>> {hobbies}. The interview was done by our editor over two cups of tea.",
        '<<In a small kitchen full of clocks|On a rainy morning at the station|At a table by the door>> sits {name}, {occupation}. {age} years lie behind this face[[; {birth.city} was the first home]]. "<<There are {children} children|I have {children} children>>," {name} says, "and I am {marital_status}." [[Later we talk about {hobbies}. ]][[As for food: "{diet}".]]',
        "Hello,\nI am looking for a tandem partner. I <<speak|can offer>> {languages}. My name is {name}, I am {age} and live in {residence}[[ (born in {birth.country})]]. [[I'm {smoker}. ]]I like {hobbies}.\n<<Please answer to|Mail me>>: {email}[[\nFriends call me {nickname}.]]",
        "full_name={name}; age={age}; height_cm={height}; home={residence}; children={children}; status={marital_status}; job={occupation}",
        "{name} was born <<in {birth.city} on {birth.date}|on {birth.date} in {birth.city}>>[[, {birth.country},]] and <<now lives|today lives|has settled>> in {residence}. <<Working as a|By day a>> {occupation}, {name} <<speaks|is fluent in>> {languages}[[ and is {marital_status}]]. <<Hobbies|Interests>>: {hobbies}.",
        "<<Profile|Personal sheet|Steckbrief>>\n\n<<Name|Full name>>: {name}\nAge: {age}\nLives in: {residence}\nProfession: {occupation}\nLanguages: {languages}\nHobbies: {hobbies}[[\nPet: {pet}]][[\nE-mail: {email}]]",
    ),
)
