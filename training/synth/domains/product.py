"""Product listings: name, brand, price, specifications, stock."""

from ..domain import Domain, f, g, rows, values
from ..values import choice, code, date, flag, integer, money, number, options

NAME = options(
    "cordless drill", "espresso machine", "desk lamp", "trekking backpack", "mechanical keyboard", "bread knife", "garden hose", "floor mat", "action camera",
    "standing desk", "noise meter", "bike helmet", "travel mug", "bluetooth speaker", "wall clock", "tent for two", "stand mixer", "laser printer", "rain jacket",
    "toolbox", "baby monitor", "fountain pen", "dutch oven", "guitar stand", "air purifier", "fitness watch", "bookshelf", "office chair", "mesh router",
    "sleeping bag", "cat tree", "hand blender", "car vacuum", "monitor arm", "picnic blanket", "ukulele", "reading light", "ice skates", "laundry basket",
    "thermal flask", "dash cam", "paper shredder", "walking poles", "yoga block",
)  # fmt: skip
BRAND = options(
    "Bosch", "Philips", "Makita", "Lenovo", "Asus", "Logitech", "Braun", "Miele", "Siemens", "Garmin", "Canon", "Nikon", "Sony", "Yamaha", "Fender", "Tefal",
    "Ikea", "Kärcher", "Salomon", "Brabantia", "Anker", "Dyson", "Samsonite", "Lego", "Faber-Castell", "Smeg", "Osprey", "Shimano", "Stihl", "Roland", "Deuter",
    "Zwilling", "Moccamaster", "Rimowa",
)  # fmt: skip
COLOUR = options(
    "black", "white", "red", "navy", "olive", "silver", "graphite", "beige", "mint", "turquoise", "burgundy", "mustard", "pink", "lilac", "sand", "charcoal",
    "ivory", "copper", "sky blue", "forest green", "rose gold", "anthracite", "cream", "orange", "yellow", "purple", "teal", "brown", "coral", "khaki", "bronze",
    "matte black",
)  # fmt: skip
MATERIAL = options(
    "steel", "oak", "plastic", "cotton", "aluminium", "bamboo", "leather", "glass", "ceramic", "wool", "nylon", "titanium", "beech", "polyester", "cork", "linen",
    "carbon fibre", "silicone", "brass", "pine", "felt", "rubber", "cast iron", "stoneware", "canvas", "walnut", "marble", "rattan", "velvet", "recycled PET",
    "concrete",
)  # fmt: skip
CATEGORY = options(
    "kitchen", "garden", "office supplies", "toys", "lighting", "audio", "computers", "camping", "cycling", "furniture", "pet supplies", "baby", "tools", "cameras",
    "musical instruments", "shoes", "luggage", "bathroom", "fitness", "stationery", "watches", "home textiles", "car accessories", "gaming", "smart home", "fishing",
    "crafts", "winter sports", "networking", "cookware", "decor",
)  # fmt: skip
TAG = options(
    "waterproof", "foldable", "rechargeable", "handmade", "dishwasher safe", "lightweight", "wireless", "vegan", "bestseller", "limited edition", "eco-friendly",
    "noise cancelling", "child proof", "energy saving", "stackable", "non-slip", "heat resistant", "portable", "ergonomic", "BPA free", "quick drying", "dimmable",
    "magnetic", "scratch resistant", "washable", "adjustable", "voice control", "fair trade", "shockproof", "made to order", "retro",
)  # fmt: skip
SPEC = options(
    "voltage", "power", "screen size", "resolution", "battery life", "cable length", "capacity", "range", "thread count", "noise level", "blade length", "memory",
    "refresh rate", "water resistance", "max load", "speed levels", "opening angle", "bulb socket", "frame size", "focal length", "seat height", "volume",
    "charging time", "number of keys", "diameter", "tank size", "sensor", "connector", "fabric weight", "ISO range", "torque",
)  # fmt: skip

DOMAIN = Domain(
    name="product",
    tasks=(
        "Extract the product.",
        "Read this product listing.",
        "Product data for the catalogue.",
        "Fill the catalogue entry.",
    ),
    fields={
        "name": f("name product_name title product", NAME, "what the product is called"),
        "brand": f("brand manufacturer maker made_by", BRAND, "who makes it"),
        "sku": f(
            "sku article_number item_number product_code",
            code("######", "@@@-####", "##.###.##", "@#####@", "ART-####"),
            "the shop's number for it",
        ),
        "ean": f("ean gtin barcode", code("#############", "############"), "the number under the bar code"),
        "category": f("category department product_group section", CATEGORY),
        "price": f("price current_price selling_price sale_price", money(2, 2500), "what it costs now"),
        "old_price": f(
            "old_price previous_price list_price rrp", money(2, 3500), "what it cost before|recommended price"
        ),
        "size": g(
            "size dimensions measurements",
            width=f("width width_cm w", number(2, 220, 1, unit=" cm"), "in cm"),
            height=f("height height_cm h", number(2, 220, 1, unit=" cm"), "in cm"),
            depth=f("depth depth_cm d", number(2, 150, 1, unit=" cm")),
        ),
        "weight": f("weight weight_kg mass net_weight", number(0.1, 60, 2, unit=" kg"), "in kilograms"),
        "colour": f("colour color colour_name finish", COLOUR),
        "material": f("material made_of main_material", MATERIAL, "what it is made of"),
        "tags": values("tags features keywords highlights", TAG, joins="comma and semicolon"),
        "specs": rows(
            "specs specifications attributes technical_data",
            ["{key}: {value}", "{key} {value}", "{key} - {value}", "{key} = {value}"],
            count=(1, 4),
            joins="newline bullet semicolon comma",
            key=f("key name attribute property", SPEC, "name of the property"),
            value=f(
                "value setting figure",
                code("## V", "### W", "#.# l", "## mm", "##", "#### mAh", "@##", "#/# in", "## h"),
                "as written",
            ),
        ),
        "availability": f(
            "availability stock_status in_stock_status stock",
            choice(
                in_stock="in stock|on the shelf|ready to ship|available now",
                low_stock="almost gone|down to the last few pieces|nearly sold out|limited to a handful",
                out_of_stock="sold out|currently unavailable|out of stock|not available at the moment",
                preorder="available for pre-order|coming soon|reservable before release",
                discontinued="discontinued|no longer made|out of the range for good",
            ),
            "whether one can get it",
        ),
        "condition": f(
            "condition item_condition state",
            choice(
                new="brand new|unused, sealed box|factory fresh",
                used="second-hand|pre-owned|used, with marks of wear",
                refurbished="refurbished|overhauled and tested|reconditioned by the maker",
            ),
            "new or used",
        ),
        "warranty_months": f(
            "warranty_months warranty guarantee_months", integer(6, 120, words=0), "warranty in months"
        ),
        "rating": f("rating stars average_rating score", number(1, 5, 1), "stars out of five"),
        "released": f("released release_date on_sale_since launch_date", date()),
        "batteries": f(
            "batteries batteries_included includes_batteries",
            flag("batteries included|comes with batteries", "batteries not included|no batteries in the box"),
        ),
    },
    templates=(
        "{name}\n<<by|from|brand:>> {brand}\n\n<<Only|Now|Price:>> {price}[[ (was {old_price})]]\n[[Rated {rating} out of 5\n]]{availability}\n\n<<Specifications|Technical data|Details>>:\n{specs}\n[[Weight: {weight}\n]][[Colour: {colour}\n]]\nItem no. {sku}",
        "<<The {brand} {name} is made of {material}|This {name} by {brand} is made of {material}>> and weighs {weight}. <<It measures|Dimensions:>> {size.width} wide, {size.height} high and {size.depth} deep. <<You can pay in our shop in the old mill.|Our testers spent 50 hours with it.|A review by Mr. Lund appeared in the local paper.>>[[ The price is {price}.]][[ It has a warranty of {warranty_months} months.]]",
        "SKU: {sku}\nEAN: {ean}\nName: {name}\nBrand: {brand}\nCategory: {category}\nColour: {colour}\n<<Material|Made of>>: {material}\n<<Price|Selling price>>: {price}\n<<Stock|Availability>>: {availability}[[\nWarranty: {warranty_months} months]]",
        "{sku} | {name} | {brand} | {colour} | {price} | {availability}",
        "<<for sale:|selling|FS:>> {name} ({brand}), {condition}, {colour}, <<asking|want>> {price}[[, paid {old_price} back then]]. <<pick up in town|can send it|no swaps>>. {batteries}. <<dont call before 8|first come first served|will drop by for coffee too>>",
        "* {name} *\n{tags}\n\n<<Size (W x H x D)|W/H/D>>: {size.width} x {size.height} x {size.depth}\nWeight: {weight}\nFinish: {colour}, {material}\nPrice: {price}\nArticle no.: {sku}\nCondition: {condition}",
        "Hi <<Nico|team|both>>,\n\n<<please add the following to the catalogue|new item for the web shop>>: {name} from {brand}, <<section|department>> {category}, article number {sku}[[, bar code {ean}]]. <<It sells at|Price is>> {price}[[ instead of {old_price}]]. Key words: {tags}.[[ On sale since {released}.]]\n\n<<Thanks!|Cheers>>\nProduct desk",
        "{sku};{ean};{name};{brand};{category};{weight};{price};{released}",
        "Customer: <<is the|do you have the>> {brand} {name} <<available?|in the shop?>>\nShop: it is {availability}. {price}.\nCustomer: <<which colours?|what colour?>>\nShop: {colour}.\nCustomer: <<guarantee?|how long is the warranty?>>\nShop: {warranty_months} months.[[ And {batteries}.]]",
        "Data sheet {sku}\n{specs}\nNet weight {weight}\nWidth {size.width}\nHeight {size.height}\nMaterial {material}\nManufacturer {brand}[[\nReleased {released}]]",
        "<<Review|Our verdict|Test>>: we tried the {name}, <<made by|a product of>> {brand}. <<The stars:|Our score:>> {rating}. <<Good:|What we liked:>> {tags}. <<Our test kitchen has four ovens.|Two editors broke a nail.|The rest of the field was weaker.>> It <<costs|sells for>> {price}; it is {availability}.",
        "<<Offer of the week|Deal|Flash sale>>! {name}, {colour}, {price} <<instead of|down from>> {old_price}. {availability}. Item {sku}.[[ {condition}.]][[ Rating {rating}.]]",
        "Artikel: {name}\nMarke: {brand}\nArtikelnummer: {sku}\nPreis: {price}\nGewicht: {weight}\nBreite: {size.width}, Höhe: {size.height}\nFarbe: {colour}[[\nMaterial: {material}]][[\nGarantie: {warranty_months} Monate]]",
        "- name: {name}\n- released: {released}\n- barcode: {ean}\n- group: {category}\n- highlights: {tags}\n- state: {condition}\n- power: {batteries}\n- warranty: {warranty_months} months",
        "{brand} {name}, {colour}\n{price}[[, before {old_price}]]\n{availability}\n\n<<About this item|Description>>\n{tags}\nMade of {material}, weight {weight}.[[\nWarranty: {warranty_months} months.]]\n<<Free returns for 30 days.|Ships in plain packaging.>>\nArticle number {sku}",
        "<<Product|Item>>: {name}\nManufacturer: {brand}\nArticle no.: {sku}\nDimensions: width {size.width}, height {size.height}, depth {size.depth}\nTechnical data:\n{specs}\nCondition: {condition}\nPrice: {price}[[\nCustomer rating: {rating} stars]]",
    ),
)
