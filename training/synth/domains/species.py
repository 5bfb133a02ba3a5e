"""Species: records of animals and plants, field notes, encyclopaedia entries, zoo labels."""

from ..domain import Domain, f, g, values
from ..values import COUNTRY, PERSON, choice, code, date, flag, integer, number, options, text

_ANIMALS = """red fox|barn owl|grey wolf|common toad|king cobra|blue whale|honey bee|monarch butterfly|brown bear|lynx|hedgehog|kingfisher|sea otter
green turtle|Atlantic salmon|starfish|garden snail|stag beetle|emperor penguin|snow leopard|giant panda|orangutan|flamingo|pangolin|axolotl|tapir
silver birch|English oak|Scots pine|dandelion|lady's slipper|foxglove|edelweiss|water lily|giant sequoia|baobab|bracken|fly agaric|white stork
crested newt|field hamster|golden eagle|wild boar|roe deer|puffin|harbour seal""".replace("\n", "|").split(
    "|"
)
_NAME = text(
    lambda v: (
        f"{v.pick(['lesser', 'greater', 'spotted', 'black-tailed', 'alpine', 'marsh', 'dwarf', 'striped', 'royal', 'horned'])} {v.word(1, 3)}"
        if v.chance(0.35)
        else v.pick(_ANIMALS)
    )
)
_END = ["us", "is", "a", "um", "ensis", "i", "alis", "ata"]
_LATIN = text(
    lambda v: (
        f"{v.word(2, 3)}{v.pick(['us', 'a', 'is', 'ex'])} {v.word(1, 3)}{v.pick(_END)}".encode(
            "ascii", "ignore"
        )
        .decode()
        .capitalize()
    )
)
_FAMILY = text(
    lambda v: (
        f"{v.word(1, 3)}{v.rng.choice(['idae', 'aceae'])}".encode("ascii", "ignore").decode().capitalize()
    )
)
_FOOD = options(
    "insects", "berries", "mice", "grass", "leaves", "fish", "krill", "seeds", "nuts", "nectar", "worms", "snails", "frogs", "roots", "bark", "eggs",
    "fruit", "small birds", "carrion", "plankton", "algae", "mushrooms", "bamboo", "ants", "termites", "crabs", "squid", "lizards", "rabbits", "moss",
    "lichen", "acorns",
)  # fmt: skip
_COLOUR = options(
    "brown", "grey", "black", "white", "reddish", "green", "yellow", "blue", "orange", "purple", "spotted", "striped", "golden", "silver", "cream",
    "olive", "crimson", "rust-red", "pale pink", "dark brown", "ochre", "violet", "turquoise", "beige", "ivory", "scarlet", "chestnut", "slate grey",
    "mottled", "bronze", "tawny",
)  # fmt: skip

DOMAIN = Domain(
    name="species",
    tasks=(
        "Extract the species record.",
        "Which species is described?",
        "Read the field note.",
        "Data on this animal or plant.",
    ),
    fields={
        "name": f("common_name name species english_name", _NAME, "everyday name"),
        "latin": f("scientific_name latin_name binomial latin", _LATIN, "name of genus and species"),
        "family": f("family taxonomic_family", _FAMILY, "the family in the system"),
        "group": f(
            "group class kind taxon_group category",
            choice(
                mammal="mammal|mammalian|warm-blooded animal that suckles its young",
                bird="bird|feathered animal|songbird|bird of prey",
                reptile="reptile|lizard|snake|scaly reptile",
                amphibian="amphibian|frog|newt|salamander",
                fish="fish|bony fish|freshwater fish",
                insect="insect|beetle|butterfly|six-legged creature",
                plant="plant|tree|shrub|flowering plant|herb",
                fungus="fungus|mushroom|toadstool",
            ),
            "what kind of living being",
        ),
        "status": f(
            "conservation_status status red_list_status threat",
            choice(
                least_concern="of least concern|not threatened|common and safe",
                near_threatened="near threatened|close to being threatened",
                vulnerable="vulnerable|facing a high risk in the wild",
                endangered="endangered|at very high risk of dying out",
                critically_endangered="critically endangered|on the brink of extinction",
                extinct="extinct|died out|no longer alive anywhere",
            ),
            "red list status",
        ),
        "habitat": f(
            "habitat environment biotope lives_in",
            choice(
                forest="woodland|forests|deep woods|the jungle",
                grassland="meadows|grassland|savannah|open steppe",
                wetland="marshes|swamps|reed beds|bogs",
                desert="deserts|dry sand dunes|arid plains",
                mountain="high mountains|alpine slopes|rocky peaks",
                ocean="the open sea|coral reefs|coastal waters|the deep ocean",
                city="towns and gardens|city parks|urban rooftops",
            ),
            "where it lives",
        ),
        "country": f("country found_in native_to range", COUNTRY, "country in which it is found"),
        "size_cm": f("length_cm size length height_cm", number(1, 400, 1), "length or height in centimetres"),
        "weight_kg": f("weight_kg weight mass mass_kg", number(0.1, 900, 2), "weight in kilograms"),
        "lifespan": f(
            "lifespan_years lifespan max_age life_expectancy", integer(2, 120), "years it can live"
        ),
        "diet": values("diet food eats feeds_on", _FOOD, (1, 4), "comma and"),
        "colour": f("colour color colouring appearance", _COLOUR, "main colour"),
        "nocturnal": f(
            "nocturnal is_nocturnal active_at_night",
            flag(
                "active at night|nocturnal|awake after dark|a night creature",
                "active by day|diurnal|asleep at night|a daytime creature",
            ),
            "whether it is active at night",
        ),
        "sighting": g(
            "sighting observation record",
            observer=f("observer seen_by recorder", PERSON, "who saw it"),
            day=f("date day observed_on seen_on", date(), "day on which it was seen"),
            count=f("count number individuals", integer(2, 80), "how many were seen"),
            id=f(
                "id record_id number_of_record",
                code("OBS-####", "######", "S-##-###"),
                "identifier of the record",
            ),
        ),
    },
    templates=(
        "The {name} ({latin}) belongs to the family {family}. It lives in {habitat}[[ of {country}]], grows to {size_cm} cm and <<feeds on|eats>> {diet}. It is {status}.[[ It may reach an age of {lifespan} years.]]",
        "OBSERVATION {sighting.id}\nSpecies: {name}[[ / {latin}]]\nDate: {sighting.day}\nObserver: {sighting.observer}\nCount: {sighting.count}\n<<Habitat|Biotope>>: {habitat}[[\nCountry: {country}]]",
        "saw {sighting.count} of them today!! {name}, <<definitely|no doubt>>, {colour}, near {habitat}. the book says {status}. log it under {sighting.id} pls",
        "Dear members of the nature society,\n\non {sighting.day}, {sighting.observer} <<reported|recorded>> {sighting.count} individuals of {latin} in {country}. The specimen, {colour} and about {size_cm} cm long, is listed as: {status}. Members' fees for next year are due soon.\n\nWith kind regards\nThe board",
        "| Name | Scientific name | Group | Weight kg | Status |\n|---|---|---|---|---|\n| {name} | {latin} | {group} | {weight_kg} | {status} |",
        "name: {name}\nlatin: {latin}\nfamily: {family}\nclass: {group}\nlifespan: {lifespan} years\nmass: {weight_kg} kg\nlength: {size_cm} cm\nfood: {diet}\nactivity: {nocturnal}",
        "<<Please do not feed|Keep your distance from>> the {name}!\n{latin}\n- home: {habitat}, {country}\n- eats: {diet}\n- age: up to {lifespan} years\n- weight: {weight_kg} kg\n- {nocturnal}",
        "{latin} | {group} | {habitat} | {country} | {colour} | {status}",
        "{name}, {latin}, {size_cm} cm, {weight_kg} kg, {colour}, {nocturnal}",
        "Hi <<Sam|team|prof>>,\n\nthe camera trap gave us a nice series. Main result: {name}, {sighting.count} individuals, all {colour}. Recorded by {sighting.observer} on {sighting.day} in {country}. The battery of trap 7 is low again.\n\nCheers",
        "Few creatures are as <<misunderstood|little known>> as {latin}. Locals in {country} call it {name}. It prefers {habitat}, is {nocturnal} and weighs some {weight_kg} kg. Zoologists put it in the family {family}. Its status today: {status}.",
        "Fact sheet\nGroup: {group}\nCommon name: {name}\nColouring: {colour}\nHabitat: {habitat}\nDiet: {diet}\nRed list: {status}\nBehaviour: {nocturnal}",
        "Q: what does the {name} eat?\nA: {diet}. Kind of organism: {group}. It is {size_cm} cm long and can live {lifespan} years.",
        "The museum <<acquired|was given>> a specimen of {latin} ({family}), found by {sighting.observer} on {sighting.day}. Colour {colour}; weight {weight_kg} kg; catalogue {sighting.id}. Shelf 12 has been cleared for it.",
        "{name}\nScientific name: {latin}\nFamily: {family}\nHabitat: {habitat}\nFood: {diet}\nLength: {size_cm} cm\n[[Lifespan: {lifespan} years\n]]Status: {status}",
        "The {name} (scientific name {latin}) is found in {country}, where it lives in {habitat}. It is {colour}, {nocturnal} and up to {size_cm} cm long[[, weighing {weight_kg} kg]]. It <<eats|lives on>> {diet}.[[ It is {status}.]]",
    ),
)
