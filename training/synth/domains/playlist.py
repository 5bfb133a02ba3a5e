"""Playlists: songs with artists, albums, lengths; charts, set lists, radio logs."""

from ..domain import Domain, f, rows, values
from ..values import PERSON, SENTENCE, URL, choice, date, flag, integer, options, text, time

_W1 = """Midnight Golden Broken Paper Electric Lonely Silver Crazy Distant Neon Hollow Summer Winter Burning Velvet Sweet Wild Slow Blue Dancing Last First
Empty Endless Little Holy Falling Running Rusty Sleeping Northern Secret""".split()
_W2 = """River Heart Train Sky Letters Highway Dream Fire Shadows Rain Mirror Angels Love Goodbye Moon Garden Ocean City Machine Eyes Bones Lights Stranger
Sunday Radio Thunder Echo Ghost Window Stars Island Hands""".split()
_SONG = text(
    lambda v: v.rng.choice(
        [
            "{a} {b}",
            "{a} {b}",
            "{b} of {c}",
            "My {a} {b}",
            "The {b}",
            "{c}",
            "{b} in the {d}",
            "Don't {c} Me",
            "{a} {b} ({c} Version)",
        ]
    ).format(a=v.pick(_W1), b=v.pick(_W2), c=v.word(1, 2).capitalize(), d=v.pick(_W2))
)
_ARTIST = text(
    lambda v: (
        v.rng.choice(
            [
                "The {w}s",
                "{w} & the {x}s",
                "{w}",
                "DJ {w}",
                "{x} {y}",
                "{y} Orchestra",
                "{w} Quartet",
                "Saint {w}",
                "{x} Collective",
            ]
        ).format(w=v.word(1, 3).capitalize(), x=v.pick(_W2), y=v.word(1, 2).capitalize())
        if v.chance(0.75)
        else f"{v.pick(['Nina', 'Otis', 'Ella', 'Björk', 'Luz', 'Bob', 'Ravi', 'Aya', 'Joni', 'Caetano', 'Miriam', 'Fela'])} {v.word(1, 3).capitalize()}"
    )
)
_ALBUM = text(lambda v: f"{v.pick(_W1)} {v.pick(_W2)}" if v.chance(0.5) else v.word(2, 3).capitalize())
_LENGTH = text(
    lambda v: f"{v.rng.randint(1, 9)}:{v.rng.randint(0, 59):02d}", {"pattern": "^[0-9]{1,2}:[0-9]{2}$"}
)
_MOOD = options(
    "chill", "party", "focus", "workout", "road trip", "sad", "happy", "romantic", "sleep", "dinner", "morning", "nostalgic", "dark", "dreamy", "energetic",
    "acoustic", "summer", "rainy day", "cooking", "study", "wedding", "campfire", "cleaning", "angry", "meditation", "running", "brunch", "late night",
    "kids", "holiday", "gaming",
)  # fmt: skip

DOMAIN = Domain(
    name="playlist",
    tasks=(
        "Extract the playlist.",
        "Which songs are listed?",
        "List the tracks.",
        "Read this set list.",
        "Songs and artists, please.",
    ),
    fields={
        "title": f("title name playlist_name playlist", _ALBUM, "name of the playlist"),
        "creator": f("creator curator created_by owner author made_by", PERSON, "who made it"),
        "created": f("created created_on date updated_on", date(), "day on which it was made"),
        "songs": rows(
            "songs tracks entries items track_list",
            [
                "{artist} - {song}",
                "{song} by {artist}",
                "{song} - {artist} ({length})",
                "{artist}: {song}, {length}",
                '"{song}", {artist}, from {album}',
                "{song} / {artist} / {album} / {year}",
                "{song} ({artist}, {year})",
                "{song} | {artist} | {length}",
                "{length} {song} by {artist}",
                "{artist} with {song}",
                "{song} [{length}]",
                '{year}: {artist}, "{song}"',
            ],
            count=(1, 7),
            joins="newline bullet number semicolon",
            song=f("title song track name song_title", _SONG, "name of the song"),
            artist=f("artist band performer interpreter by", _ARTIST, "who plays it"),
            album=f("album record from_album", _ALBUM, "record on which it is"),
            year=f(
                "year released release_year", integer(1955, 2026, words=0, grouped=False), "year of release"
            ),
            length=f("length duration run_time", _LENGTH, "minutes and seconds|as in the text"),
        ),
        "genre": f(
            "genre style music_genre category",
            choice(
                rock="rock|rock'n'roll|loud guitar music|indie rock",
                pop="pop|chart pop|catchy radio hits",
                jazz="jazz|swing and bebop|smooth jazz",
                classical="classical|orchestral works|chamber music",
                electronic="techno|house|electronic beats|electro",
                hip_hop="hip hop|rap|rap and beats",
                folk="folk|songs with banjo and fiddle|singer-songwriter stuff",
                metal="metal|heavy metal|death metal",
            ),
            "style of music",
        ),
        "moods": values("moods mood tags occasions", _MOOD, (1, 4), "comma and semicolon"),
        "count": f(
            "song_count number_of_songs track_count total_tracks",
            integer(13, 400, words=0),
            "how many songs in all",
        ),
        "minutes": f(
            "total_minutes total_duration running_time minutes",
            integer(20, 900, words=0),
            "length of everything, in minutes",
        ),
        "followers": f(
            "followers likes subscribers saves", integer(13, 90000, words=0), "how many people follow it"
        ),
        "public": f(
            "public is_public shared visibility_public",
            flag(
                "public|open to everybody|visible to all", "private|only for me|hidden|visible to nobody else"
            ),
            "whether others can see it",
        ),
        "collaborative": f(
            "collaborative is_collaborative editable",
            flag(
                "anyone can add songs|collaborative|feel free to add your own",
                "nobody else may edit|not collaborative|please don't add anything",
            ),
        ),
        "starts": f("start_time starts_at airs_at on_air", time(), "when it is played"),
        "link": f("url link share_link", URL),
        "comment": f("comment description note", SENTENCE, "the comment in quotation marks"),
    },
    templates=(
        "<<Playlist|My playlist|New playlist>>: {title}\n[[by {creator}\n]]\n{songs}\n\n[[Genre: {genre}\n]][[Moods: {moods}\n]]<<Listen here|Link|Play>>: {link}",
        "hey! made you a <<mix|mixtape|list>> called {title}:\n{songs}\n{collaborative} :)[[ {link}]]",
        "Dear listeners,\n\n<<tonight|this evening>> at {starts} {creator} <<takes you through|presents>> an hour of {genre}. You will hear:\n\n{songs}\n\nThe frequency is the same as ever, and the phone lines are open.\n\nYour music desk",
        "name: {title}\nowner: {creator}\ncreated: {created}\ntracks: {count}\nminutes: {minutes}\nfollowers: {followers}\nstatus: {public}\ngenre: {genre}",
        "SETLIST\n{songs}\n[[\nStage time {starts}]]",
        "| Playlist | Curator | Tracks | Minutes | Likes |\n|---|---|---|---|---|\n| {title} | {creator} | {count} | {minutes} | {followers} |",
        "Songs for the party on the roof:\n{songs}\n<<style is|mostly>> {genre}, good for {moods}. {collaborative}!",
        '"{title}", a list by {creator}, went online on {created} and has {followers} followers. It holds {count} songs, or {minutes} minutes of {genre}. Few remember that it began as a joke on a bus.[[ It is {public}.]][[ See {link}.]]',
        "{songs}",
        'can someone put these on for the drive\n{songs}\n(comment: "{comment}")',
        "Subject: Music for the ceremony\n\nHello {creator},\n\nas promised, the pieces we would like:\n{songs}\n\nWe start at {starts}. <<Genre|Style>> for the rest: {genre}, nothing too loud for our 90 guests.\n\n<<Cheers|Many thanks|Best>>",
        '- {title}\n- {public}\n- {collaborative}\n- {count} tracks\n- tags: {moods}\n- updated {created}\n[[- note: "{comment}"]]',
        "Radio log {created}\n{songs}\nModerator: {creator}",
        'Now playing from {title} ({followers} likes):\n{songs}\nUser comment: "{comment}"',
        "{title}\nCurated by {creator}[[ on {created}]]\n{count} songs, {minutes} minutes\n\n{songs}\n[[\nTags: {moods}]]",
        "<<Hello|Hi all>>, here is {title}, my {genre} list. It is {public}. The first songs are:\n{songs}\n<<It has|There are>> {count} tracks in total, so about {minutes} minutes.[[ It fits these moods: {moods}.]]\n{creator}",
    ),
)
