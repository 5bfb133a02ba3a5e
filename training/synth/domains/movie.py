"""Films: title, makers, cast, length, rating, showing."""

from ..domain import Domain, f, g, rows, values
from ..values import (
    COMPANY,
    COUNTRY,
    PERSON,
    URL,
    choice,
    date,
    flag,
    integer,
    money,
    number,
    options,
    text,
    time,
)

_TITLE = text(
    lambda v: v.rng.choice(
        [
            "The {a} {n}",
            "{n} of {w}",
            "{w}",
            "{a} {n}",
            "{n} {k}",
            "Return to {w}",
            "Goodbye, {w}",
            "{k} Days of {n}",
            "No {n} Tonight",
            "The {n} Who Waited",
            "{w} and {v}",
        ]
    ).format(
        a=v.word(1, 2).capitalize()
        if v.chance(0.25)
        else v.rng.choice(
            [
                "Midnight",
                "Burning",
                "Lost",
                "Electric",
                "Scarlet",
                "Perfect",
                "Last",
                "Quiet",
                "Savage",
                "Lunar",
            ]
        ),
        n=v.rng.choice(
            [
                "Heist",
                "Summer",
                "Detective",
                "Horizon",
                "Stranger",
                "Kingdom",
                "Shadow",
                "Dance",
                "Highway",
                "Witness",
                "Dragon",
                "Neighbour",
                "Signal",
                "Wolf",
            ]
        ),
        k=v.rng.randint(2, 99),
        w=v.word(2, 3).capitalize(),
        v=v.word(1, 2).capitalize(),
    )
)
_GENRE = options(
    "comedy", "drama", "thriller", "western", "horror", "science fiction", "romance", "documentary", "musical", "film noir", "animation", "fantasy",
    "war film", "heist movie", "road movie", "biopic", "satire", "martial arts", "mystery", "adventure", "family film", "sports drama", "spy film",
    "slapstick", "disaster film", "coming of age", "courtroom drama", "silent film", "melodrama", "crime", "superhero film", "mockumentary",
)  # fmt: skip
_LANG = options(
    "English", "German", "French", "Spanish", "Italian", "Portuguese", "Polish", "Czech", "Dutch", "Swedish", "Finnish", "Danish", "Turkish", "Arabic",
    "Hebrew", "Hindi", "Tamil", "Mandarin", "Cantonese", "Japanese", "Korean", "Vietnamese", "Thai", "Swahili", "Greek", "Hungarian", "Romanian",
    "Ukrainian", "Russian", "Farsi", "Icelandic",
)  # fmt: skip
_ROLE = text(
    lambda v: v.rng.choice(
        [
            "Inspector {}",
            "Captain {}",
            "Aunt {}",
            "{}",
            "Doctor {}",
            "the {} widow",
            "King {}",
            "{} the thief",
            "Sergeant {}",
        ]
    ).format(v.word(1, 2).capitalize())
)
_PRIZE = text(
    lambda v: v.rng.choice(["Golden {}", "Silver {}", "{} Prize", "{} Award", "Grand {}"]).format(
        v.rng.choice(["Leopard", "Bear", "Lion", "Palm", "Shell", "Lamp", "Reel"])
        if v.chance(0.4)
        else v.word(1, 2).capitalize()
    )
)

DOMAIN = Domain(
    name="movie",
    tasks=(
        "Extract the film.",
        "What movie is this about?",
        "Film data, please.",
        "Read the film listing.",
        "Movie as JSON.",
    ),
    fields={
        "title": f("title movie_title film_title name", _TITLE, "title of the film"),
        "director": f("director directed_by filmmaker", PERSON, "who directed it"),
        "writer": f("writer screenwriter screenplay_by script", PERSON, "who wrote the script"),
        "year": f("year release_year released", integer(1930, 2026, grouped=False), "year of release"),
        "genres": values("genres genre categories kinds", _GENRE, (1, 3)),
        "runtime": f(
            "runtime runtime_minutes duration length_minutes", integer(62, 210), "length in minutes"
        ),
        "cast": rows(
            "cast actors starring roles",
            ["{actor} as {role}", "{actor} ({role})", "{role}: {actor}", "{actor} - {role}", "{actor}"],
            count=(1, 4),
            joins="comma semicolon and",
            actor=f("actor name played_by", PERSON, "name of the actor"),
            role=f("role character part", _ROLE, "whom the actor plays"),
        ),
        "language": f("language original_language spoken_language", _LANG, "language of the film"),
        "country": f("country production_country made_in", COUNTRY, "where it was made"),
        "studio": f("studio production_company producer", COMPANY, "company that made it"),
        "rating": f("rating score average_rating user_rating", number(1, 10, 1), "mark out of ten"),
        "audience": f(
            "age_rating audience certificate suitable_for",
            choice(
                all_ages="fit for all ages|suitable for the whole family|no age limit",
                teens="from twelve up|not for small children, fine for teenagers|teenagers and older",
                adults="adults only|strictly over eighteen|not for anybody under 18",
            ),
            "from what age",
        ),
        "budget": f("budget production_cost cost", money(20000, 900000), "what it cost to make"),
        "sequel": f(
            "sequel is_sequel continuation",
            flag(
                "it is a sequel|a sequel to an earlier hit|the continuation of an earlier film",
                "it stands on its own|no sequel, a story of its own|not a sequel to anything",
            ),
            "whether it continues another film",
        ),
        "where": f(
            "where_to_watch where availability distribution",
            choice(
                cinema="on the big screen|in cinemas|at the pictures",
                streaming="as a stream|on the streaming portals|to stream at home",
                television="on TV|on television tonight|on the telly",
                disc="on DVD|on Blu-ray|on disc, with bonus material",
            ),
            "where one can see it",
        ),
        "showing": g(
            "showing screening performance",
            day=f("date day", date(), "day of the showing"),
            time=f("time at start", time(), "when it begins"),
            cinema=f(
                "cinema theatre venue",
                text(
                    lambda v: (
                        f"{v.rng.choice(['Odeon', 'Kino', 'Rex', 'Lux', 'Capitol', 'Cinema', 'Filmpalast', 'Roxy'])} {v.word(1, 2).capitalize()}"
                    )
                ),
                "which cinema",
            ),
            price=f("price ticket_price", money(4, 25), "price of a ticket"),
        ),
        "awards": values("awards prizes won honours", _PRIZE, (1, 3)),
        "trailer": f("trailer trailer_url link", URL, "address of the trailer"),
    },
    templates=(
        "{title} ({year}), directed by {director}. <<Starring|With|Cast>>: {cast}. [[{runtime} minutes. ]][[Genre: {genres}. ]][[In {language}.]]",
        "Film: {title}\n[[Director: {director}\n]]Script: {writer}\nCountry: {country}\nYear: {year}\nLength: {runtime} min\n[[Rating: {rating}/10\n]]Age: {audience}",
        "<<wanna come along?|Movie night!|Plan for the weekend:>> {title}, {showing.day}, {showing.time} at {showing.cinema}. <<tickets are {showing.price}|it's {showing.price} each>>[[, lasts {runtime} minutes]][[, {audience}]]. <<popcorn is on me|Bea and Finn are coming too>>",
        'Dear members of the film club,\n\n<<our next film is|we are proud to show>> "{title}" by {director} from {country} ({year}, {runtime} minutes, in {language} with subtitles). We begin at {showing.time} on {showing.day}. [[It is {audience}. ]]Afterwards there will be soup.\n\nYours, the committee',
        "{showing.time} | {title} | {showing.cinema} | {runtime} min | {language} | {showing.price}",
        "* {title}\n* {genres}\n* screenplay {writer}, direction {director}\n* {sequel}\n* {where}\n* viewers' mark {rating} out of 10\n[[* trailer: {trailer}]]",
        'After four hundred letters from fans, {studio} has released "{title}". {director} shot it in {country} for {budget}; {sequel}. <<You can see it|It is shown>> {where}. [[So far it has won {awards}. ]]Critics yawned, the public cheered.',
        '"{title}": cast list\n{cast}\n\nDirected by {director}, written by {writer}. [[Produced by {studio}.]]',
        "Q: What did you watch?\nA: {title}.\nQ: Who made it?\nA: {director}[[, for {studio}]].\nQ: What kind of film?\nA: {genres}.\nQ: And your mark?\nA: {rating} out of ten.\nQ: Where did you see it?\nA: <<{where}|Well, {where}>>.",
        'Press release. {studio} announces that "{title}" (budget: {budget}) has received these prizes: {awards}. Shooting took place in {country}; the dialogue is in {language}. [[Trailer: {trailer} ]]Press contact: the usual desk, extension 44.',
        "film={title};dir={director};yr={year};mins={runtime};lang={language};country={country};score={rating};cert={audience}",
        "<<I saw|We finally watched|Yesterday I fell asleep over>> {title}, {where}. <<It's one of those {genres} things|{genres}, as the box says>>. <<Didn't catch all {runtime} minutes|{runtime} minutes felt long>>. {sequel}, and it is {audience}. I'd say {rating} of 10.",
        "Programme of the {showing.cinema}\n{showing.day}, {showing.time}: {title}\nBy {director} ({country} {year})\nCast: {cast}\nAdmission {showing.price}. {audience}.",
        "Archive card: {title} // {year} // {studio} // written by {writer} // awards: {awards} // reel 3 of 5 damaged // {language}",
        "{title}\n\nDirector: {director}\nYear: {year}\nGenre: {genres}\nRuntime: {runtime} minutes\nCast: {cast}\n[[Country: {country}\n]]Rating: {rating}/10",
        '"{title}" is a {year} film <<directed by|by>> {director} and written by {writer}. [[The genre: {genres}. ]]<<It runs for|It lasts>> {runtime} minutes and <<stars|features>> {cast}. [[It was made in {country} by {studio}. ]][[The average rating is {rating} out of 10.]]',
    ),
)
