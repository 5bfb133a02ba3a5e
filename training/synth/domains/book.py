"""Books: title, authors, edition, price, state."""

from ..domain import Domain, f, g, rows, values
from ..values import COMPANY, PERSON, choice, code, date, flag, integer, money, number, options, text

_TITLE = text(
    lambda v: v.rng.choice(
        [
            "The {a} {n}",
            "{n} of {w}",
            "A {a} {n}",
            "{w}",
            "The {n} and the {m}",
            "{a} {n}s",
            "How to Mend a {n}",
            "{w}: A {n} Story",
            "Under the {a} {m}",
            "The Last {n}",
            "My {n} in {w}",
        ]
    ).format(
        a=v.word(1, 2).capitalize()
        if v.chance(0.25)
        else v.rng.choice(
            [
                "Silent",
                "Blue",
                "Distant",
                "Broken",
                "Golden",
                "Slow",
                "Hidden",
                "Paper",
                "Salt",
                "Winter",
                "Crooked",
                "Second",
            ]
        ),
        n=v.rng.choice(
            [
                "River",
                "Garden",
                "Mirror",
                "Mountain",
                "Window",
                "Letter",
                "Harbour",
                "Lantern",
                "Forest",
                "Bridge",
                "Machine",
                "Widow",
                "Orchard",
                "Compass",
            ]
        ),
        m=v.rng.choice(["Sea", "Moon", "Stone", "Clock", "Fox", "Well", "Sky"]),
        w=v.word(2, 3).capitalize(),
    )
)
_GENRE = options(
    "crime", "fantasy", "science fiction", "romance", "history", "biography", "poetry", "travel", "cookery", "philosophy", "horror", "thriller", "memoir",
    "western", "satire", "young adult", "picture book", "popular science", "economics", "gardening", "self-help", "essays", "short stories", "drama",
    "gothic novel", "spy novel", "nature writing", "true crime", "mythology", "steampunk", "dystopia", "political science", "art history",
)  # fmt: skip
_LANG = options(
    "English", "German", "French", "Spanish", "Italian", "Portuguese", "Polish", "Czech", "Dutch", "Swedish", "Finnish", "Danish", "Turkish", "Arabic",
    "Hebrew", "Hindi", "Bengali", "Mandarin", "Japanese", "Korean", "Vietnamese", "Thai", "Swahili", "Greek", "Hungarian", "Romanian", "Ukrainian", "Russian",
    "Catalan", "Welsh", "Icelandic",
)  # fmt: skip
_SERIES = text(
    lambda v: (
        f"{v.rng.choice(['Chronicles of', 'Tales of', 'The', 'Inspector', 'Sons of', 'House'])} {v.word(2, 3).capitalize()}"
    )
)
_SHELF = code("@@ ###", "#.##.@", "@##-#", "###.# @@@")

DOMAIN = Domain(
    name="book",
    tasks=(
        "Extract the book.",
        "Bibliographic data, please.",
        "Which book is it?",
        "Read the catalogue entry.",
        "Book as JSON.",
    ),
    fields={
        "title": f("title book_title name", _TITLE, "title of the book"),
        "authors": values("authors author_names written_by writers", PERSON, (1, 3), "comma and semicolon"),
        "publisher": f("publisher publishing_house press", COMPANY, "who published it"),
        "year": f(
            "year publication_year year_published published",
            integer(1890, 2026, grouped=False),
            "year of publication",
        ),
        "isbn": f(
            "isbn isbn13 isbn_number",
            code("978-#-###-#####-#", "978##########", "979-##-###-####-#"),
            "ISBN of the edition",
        ),
        "pages": f("pages page_count number_of_pages length", integer(40, 990), "how many pages"),
        "genre": f("genre category kind subject", _GENRE, "kind of literature"),
        "language": f("language original_language written_in lang", _LANG, "language of the text"),
        "translator": f("translator translated_by", PERSON, "who translated it"),
        "format": f(
            "format binding edition_type medium",
            choice(
                hardcover="hardback|bound in cloth|hardcover",
                paperback="paperback|softcover|in soft covers",
                ebook="as an e-book|EPUB file|for the e-reader",
                audiobook="read aloud on 6 CDs|as an audiobook|to listen to, unabridged",
                large_print="in large print|large print for weak eyes|big letters edition",
            ),
            "paper, file or sound",
        ),
        "price": f("price cost list_price", money(3, 90), "what it costs"),
        "series": g(
            "series cycle",
            name=f("name title series_name", _SERIES, "name of the series"),
            volume=f("volume number part book_number", integer(1, 12), "number within the series"),
        ),
        "edition": f("edition edition_number printing", integer(4, 20, words=0), "number of the edition"),
        "available": f(
            "available in_stock on_shelf",
            flag("in stock|ready to pick up|on the shelf", "out of stock|on loan|sold out"),
            "whether one can have it now",
        ),
        "condition": f(
            "condition state quality",
            choice(
                new="brand new, still shrink-wrapped|never opened|factory fresh",
                good="hardly any signs of use|well kept|read once, with care",
                worn="dog-eared and stained|with a cracked spine|cover torn, notes in the margin",
            ),
            "how well it is preserved",
        ),
        "rating": f(
            "rating average_rating stars score", number(1, 5, 1), "readers' average on a scale to five"
        ),
        "due": f("due due_date return_by", date(), "when it has to be returned"),
        "shelf": f("shelf call_number shelf_mark location", _SHELF, "where it stands in the library"),
        "chapters": rows(
            "chapters contents table_of_contents",
            ["{title}, p. {page}", "{title} ... {page}", "{title} (page {page})"],
            count=(1, 4),
            joins="newline bullet number semicolon",
            title=f("title heading name", _TITLE, "heading"),
            page=f("page starts_on page_number", integer(1, 900), "first page"),
        ),
    },
    templates=(
        '<<"{title}"|{title}>> by {authors}[[, {publisher}]], {year}. {pages} pages[[, {format}]]. [[ISBN {isbn}. ]][[{price}.]]',
        "TITLE    {title}\nAUTHOR   {authors}\nYEAR     {year}\nISBN     {isbn}\n[[PAGES    {pages}\n]][[LANGUAGE {language}\n]]GENRE    {genre}\n[[SHELF    {shelf}]]",
        'Dear reader,\n\n<<the book you reserved|your reserved title>>, "{title}" by {authors}, is {available}. <<You find it at|Shelf mark>>: {shelf}. [[Please bring it back by {due}. ]]<<The library closes at six on Fridays.|Bring your card, no. 12 of the new series.>>\n\nYour town library',
        "hey, <<are you done with|can I borrow|selling>> {title}? <<my copy: {format}|type: {format}>>, {condition}[[, {pages} pages]]. <<I'd give you {price}|price {price}>>. {authors} wrote it[[, you know, the {series.name} person]]",
        "{authors}: {title}. {edition}th edition. {publisher}, {year}. {pages} pp.[[ {price}.]] Language: {language}.",
        "{isbn} | {title} | {authors} | {year} | {publisher}[[ | {price}]][[ | {available}]]",
        'New this autumn from {publisher}: "{title}", <<part|volume|book>> {series.volume} of the series {series.name}. {authors} <<takes us|leads the reader>> back to the old lighthouse, where eleven guests wait for the storm. [[Genre: {genre}. ]]{pages} pages, {format}, {price}.',
        "- book: {title}\n- who: {authors}\n- translated from the {language} by {translator}\n- {format}\n- {condition}\n- asking price {price}\n- {available}",
        "Our reading circle met at Doris's. We talked about {title}, a {genre} book by {authors}[[ in the translation by {translator}]]. <<Average mark|The mean of all marks>>: {rating} out of five. [[Most of us had the {year} edition with {pages} pages. ]]Next time we read something shorter.",
        "Contents of {title} ({authors}, {year}):\n{chapters}\n\n{publisher}, ISBN {isbn}",
        "Order form\nWe hereby order the following title:\n{authors}: {title}\n{publisher} {year}\nISBN {isbn}\nForm: {format}\nUnit price: {price}\nDelivery address as usual, 3 copies for the school.",
        "Loan receipt: {title} / {authors} / call number {shelf} / return by {due}. <<Late fees are 20 cents a day.|Please keep it dry.>>",
        "title={title}; series={series.name}; vol={series.volume}; lang={language}; transl={translator}; genre={genre}; avg={rating}; binding={format}",
        "Found in a box in the attic: {title}, {publisher}, {year}, {edition}th printing; {condition}. <<Author|By>>: {authors}. What would you pay for it? The dealer offered {price}.",
        "{title}\n{authors}\n\nPublisher: {publisher}\nYear: {year}\nPages: {pages}\nISBN: {isbn}\nLanguage: {language}[[\nPrice: {price}]][[\nAvailability: {available}]]",
        '{authors} <<published|wrote>> the {genre} book "{title}", which appeared in {year} with {publisher}. It <<has {pages} pages|fills {pages} pages>> and is written in {language}[[; the translator is {translator}]]. [[Readers give it {rating} of 5. ]][[It costs {price}.]]',
    ),
)
