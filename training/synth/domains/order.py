"""Orders: who ordered what, how it is paid and shipped."""

from ..domain import Domain, f, g, rows
from ..values import (
    CITY,
    EMAIL,
    PERSON,
    PHONE,
    PHRASE,
    POSTCODE,
    STREET,
    choice,
    code,
    date,
    flag,
    integer,
    money,
    percent,
)

DOMAIN = Domain(
    name="order",
    tasks=(
        "Extract the order.",
        "Read this order.",
        "Which order is described here?",
        "Fill in the order form from the message.",
    ),
    fields={
        "number": f(
            "number order_number order_id order_no order_ref",
            code("ORD-#####", "#######", "@#####", "PO-####-##", "###-#######"),
            "the order's number|identifier of the order",
        ),
        "placed": f(
            "placed order_date placed_on ordered_on date_of_order",
            date(),
            "the day on which the order was made|order date",
        ),
        "customer": g(
            "customer buyer client ordered_by",
            name=f("name full_name customer_name", PERSON, "the person who orders"),
            email=f("email email_address mail", EMAIL, "where to write to the customer"),
            phone=f("phone telephone phone_number tel", PHONE),
        ),
        "address": g(
            "address ship_to delivery_address shipping_address",
            street=f("street street_address line1", STREET, "street and house number"),
            city=f("city town place", CITY),
            postcode=f("postcode zip postal_code zip_code", POSTCODE),
        ),
        "items": rows(
            "items lines products order_lines articles",
            [
                "{quantity} x {product}",
                "{quantity} {product} at {price}",
                "{product}, {quantity} pcs, {price} each",
                "{product} (qty {quantity})",
                "{quantity}x {product} [[(art. {sku}) ]]for {price} each",
                "{sku} {product}: {quantity}",
                "{product} - art. {sku} - {price}",
            ],
            joins="newline bullet number semicolon and",
            quantity=f("quantity qty count units amount", integer(1, 48), "how many pieces"),
            product=f("product name item article description", PHRASE, "what is ordered"),
            sku=f(
                "sku article_number product_code item_code",
                code("@@-####", "######", "@###-##", "SKU####"),
                "the shop's code for the product",
            ),
            price=f("price unit_price price_each", money(1, 700), "price of a single piece"),
        ),
        "total": f(
            "total order_total total_amount grand_total sum",
            money(),
            "amount of the whole order|what the customer pays",
        ),
        "discount": f("discount discount_percent rebate reduction", percent(), "discount in percent"),
        "coupon": f(
            "coupon voucher promo_code coupon_code discount_code",
            code("SAVE##", "@@@@##", "WELCOME-##", "@@-@@##"),
            "code entered for a discount",
        ),
        "shipping": f(
            "shipping shipping_method delivery_method ship_via",
            choice(
                standard="standard delivery|regular post|normal parcel service|the slow free shipping|no hurry, ordinary mail",
                express="express delivery|rush shipping|fastest courier available|priority parcel|next-day service",
                pickup="collection in the shop|pick-up at the counter|customer comes by to fetch it|no shipping, will be collected",
                freight="on a pallet by truck|freight forwarder|by lorry with tail lift|bulky goods carrier",
            ),
            "how the goods travel|way of delivery",
        ),
        "payment": f(
            "payment payment_method paid_by pay_with",
            choice(
                card="credit card|Visa|debit card|Mastercard",
                bank_transfer="bank transfer|wire transfer|SEPA transfer|money sent to your account",
                cash_on_delivery="cash on delivery|cash to the driver|cash at the door",
                on_account="on account|against invoice, 30 days|pay later by invoice|open invoice",
            ),
            "how the customer pays",
        ),
        "gift": f(
            "gift is_gift gift_wrap gift_wrapping",
            flag(
                "gift wrapping wanted|please wrap as a present|it is a gift",
                "no gift wrapping|not a present|no wrapping paper needed",
            ),
            "whether it is to be wrapped as a present",
        ),
        "deliver_by": f(
            "deliver_by needed_by delivery_deadline requested_delivery",
            date(),
            "latest day of delivery|when the customer needs it",
        ),
    },
    templates=(
        "Dear <<sales team|Sir or Madam|all|customer service>>,\n\n<<I would like to|please allow me to|we wish to|I hereby>> order the following:\n{items}\n\n<<Please ship to|Kindly deliver to|Delivery address:>> {address.street}, {address.postcode} {address.city}.[[ We need everything by {deliver_by} at the latest.]][[ Payment: {payment}.]]\n\n<<Kind regards|Yours faithfully|Many thanks>>\n{customer.name}[[\n{customer.phone}]]",
        "Order confirmation {number}\n\n<<Hello|Hi|Dear>> {customer.name},\n<<thank you for your order of {placed}|we received your order on {placed}>>. <<You bought|Your basket|Contents>>:\n{items}\n[[Code {coupon} was applied ({discount} off).\n]]<<Total|To pay|Order total>>: {total}\n[[Shipping: {shipping}\n]][[Payment: {payment}\n]]\nQuestions? Our help desk is open Monday to Friday, 9 to 17.",
        "{customer.name} just <<rang|called|phoned>>: <<wants|needs|would like>>:\n{items}\n[[Needed by {deliver_by}. ]]Shipping: {shipping}.[[ Call back on {customer.phone}.]] <<Can you enter it?|I'll type it in later.|Already told the warehouse.>>",
        "ORDER FORM\n<<Order no.|Order #|Our ref>>: {number}\n<<Date|Ordered on>>: {placed}\n<<Name|Customer|Purchaser>>: {customer.name}\n[[E-mail: {customer.email}\n]][[Tel.: {customer.phone}\n]]Street: {address.street}\n<<Town|City>>: {address.city}\n<<ZIP|Postcode>>: {address.postcode}\n<<Pay by|Method of payment>>: {payment}\n[[Gift: {gift}\n]]<<Items|Positions>>:\n{items}",
        "<<hey|hi|hello there>>, can i <<get|order|have>>\n{items}\n<<send it to|ship to|goes to>> {address.street} in {address.city}[[, {gift}]][[. {payment} if thats ok]]. <<thx|cheers|ta>>, {customer.name}[[ ({customer.email})]]",
        "| order | date | customer | town | total |\n| {number} | {placed} | {customer.name} | {address.city} | {total} |[[\nRemark: {gift}]]",
        "{number};{placed};{customer.name};{customer.email};{shipping};{payment};{total}",
        "On {placed} {customer.name} from {address.city} <<placed order {number}|ordered under number {number}>>[[ with the voucher {coupon}]]. <<It is worth|The value is|It came to>> {total}[[ after a discount of {discount}]]. <<The other order of that week, by a school in Bath, was cancelled.|We had 14 more orders that day.|A catalogue was enclosed.>>[[ Delivery: {shipping}.]]",
        "From: {customer.email}\nSubject: <<order|new order|Bestellung / order>>\n\n<<Good morning|Good afternoon|Hello>>,\n\n{items}\n\n<<as discussed with your colleague Mr. Ashby at the fair|prices as in your spring list|as on page 12 of the catalogue>>. {shipping}[[, {payment}]].[[ We must have it by {deliver_by}.]]\n\n-- \n{customer.name}\n{address.street}\n{address.postcode} {address.city}",
        "<<NEW ORDER|Incoming order|Web shop: new order>> {number}\n* buyer: {customer.name} / {customer.email}\n* to: {address.street}, {address.city}\n* shipping: {shipping}\n* gift? {gift}\n[[* coupon: {coupon}\n]]* sum: {total}",
        "Agent: <<Thanks for calling, what can I do for you?|Order hotline, hello.>>\nCaller: <<This is|My name is>> {customer.name}. I'd like the following.\n{items}\nAgent: <<And where shall we send it?|Which address?>>\nCaller: {address.street}, {address.city}.\nAgent: <<How would you like to pay?|Payment?>>\nCaller: {payment}.[[ And {gift}.]]\nAgent: <<Fine, your number is|All right, that is order>> {number}[[, {total} in total]].",
        "Purchase order {number}[[ of {placed}]]\n<<Requested delivery|Wanted on site|Delivery no later than>>: {deliver_by}\n<<Carriage|Mode of shipment>>: {shipping}\n<<Terms|Payment terms>>: {payment}\n\n{items}\n\n[[Discount agreed: {discount}\n]]Grand total {total}\n<<This order is subject to our general terms, edition 7.|Valid without signature.>>",
        "Bestellung {number} vom {placed}\nKunde: {customer.name}, {address.street}, {address.postcode} {address.city}\n{items}\n<<Gesamtbetrag|Summe|Endbetrag>>: {total}[[\nGutschein: {coupon}]][[\nE-Mail: {customer.email}]]",
        "Reminder to packing: {number} <<must be out so that it arrives by|has to reach the customer by>> {deliver_by}. <<Goes to|Recipient>> {customer.name} in {address.city}, {shipping}. {gift}.\n{items}",
        "Hi <<Team|Kim|there>>,\n\n<<could you book this order|please enter the order below|one more order for today>>: {customer.name}, {customer.phone}, takes\n{items}\n<<Total is|Makes>> {total}, {payment}.[[ Voucher {coupon} gives {discount} off.]]\n\n<<Thanks|Best>>\n<<Jo, front desk|Pat (sales)>>",
        "<<Your order {number} has been received.|We have booked your order {number}.>>\n\nOrder date: {placed}\nDeliver to: {customer.name}, {address.street}, {address.postcode} {address.city}\n\n{items}\n\nTotal {total}\nPaid by: {payment}[[\nShipping: {shipping}]]\n\n<<Thank you for shopping with us!|Free returns within 30 days.>>",
    ),
)
