"""Weather: reports, forecasts, station readings, warnings."""

from ..domain import Domain, f, rows
from ..values import CITY, COUNTRY, choice, code, date, flag, integer, number, time

DOMAIN = Domain(
    name="weather",
    tasks=(
        "Extract the weather report.",
        "What is the weather like?",
        "Weather data, please.",
        "Read the forecast.",
    ),
    fields={
        "place": f("location place city town where", CITY, "place for which it holds"),
        "country": f("country land nation", COUNTRY),
        "station": f(
            "station station_id weather_station sensor",
            code("WS-####", "#####", "@@@@", "ST##"),
            "identifier of the station",
        ),
        "day": f("date day forecast_date observed_on", date(), "day that is described"),
        "time": f("time observed_at measured_at hour", time(), "time of the measurement"),
        "temperature": f(
            "temperature temp temperature_c current_temperature",
            number(-25, 42, 1),
            "degrees Celsius at that time",
        ),
        "high": f(
            "high max_temperature maximum temp_max",
            integer(18, 41, words=0),
            "highest temperature of the day",
        ),
        "low": f(
            "low min_temperature minimum temp_min", integer(-18, 17, words=0), "lowest temperature of the day"
        ),
        "condition": f(
            "condition conditions sky weather summary",
            choice(
                sunny="sunny|clear skies|bright sunshine|not a cloud in sight|blue sky all day",
                cloudy="cloudy|overcast|grey skies|thick clouds|a closed blanket of cloud",
                rain="rain|rainy|steady rain|heavy showers|drizzle|a downpour",
                snow="snow|snowfall|flurries|a blizzard|snow showers",
                thunderstorm="thunderstorms|lightning and thunder|a violent thunderstorm|thundery storms",
                fog="fog|dense fog|mist|foggy|hardly any visibility because of fog",
            ),
            "general weather",
        ),
        "wind_speed": f("wind_speed wind wind_kmh", number(1, 130, 1), "wind in km/h"),
        "wind_from": f(
            "wind_direction wind_from direction",
            choice(
                north="northerly|from the north",
                south="southerly|from the south",
                east="easterly|from the east",
                west="westerly|from the west",
                north_east="north-easterly|from the north-east",
                south_west="south-westerly|from the south-west",
                north_west="north-westerly|from the north-west",
                south_east="south-easterly|from the south-east",
            ),
            "where the wind comes from",
        ),
        "humidity": f("humidity relative_humidity humidity_percent", integer(13, 100, words=0), "in percent"),
        "pressure": f("pressure air_pressure pressure_hpa barometer", integer(960, 1050, words=0), "in hPa"),
        "rain_mm": f("precipitation rainfall rain_mm precipitation_mm", number(0, 80, 1), "in millimetres"),
        "rain_chance": f(
            "rain_probability chance_of_rain precipitation_probability",
            integer(13, 100, words=0),
            "in percent",
        ),
        "warning": f(
            "warning_level alert_level severity warning",
            choice(
                none="no warnings|no warning in force|nothing to warn of",
                yellow="yellow warning|be aware|level 1 alert",
                orange="orange warning|be prepared|level 2 alert",
                red="red warning|danger to life|highest alert level",
            ),
            "level of the weather warning",
        ),
        "bathing": f(
            "bathing_allowed swimming_safe beach_open",
            flag("swimming is safe|bathing allowed|beach open", "swimming forbidden|no bathing|beach closed"),
            "whether one may swim",
        ),
        "sunrise": f("sunrise sun_up sunrise_time", time()),
        "sunset": f("sunset sun_down sunset_time", time()),
        "outlook": rows(
            "outlook forecast next_days days",
            [
                "{date}: {max} / {min} °C, {sky}",
                "{date}: {sky}, up to {max} °C",
                "{date} - max {max}, min {min}",
                "{date}, {sky}, {max} degrees",
                "{date} | {sky} | {max} | {min}",
            ],
            count=(1, 5),
            joins="newline bullet newline semicolon",
            date=f("date day", date(), "day of the forecast"),
            sky=f(
                "condition sky weather",
                choice(
                    sunny="sun|sunny|clear",
                    cloudy="clouds|cloudy|grey",
                    rain="rain|wet|showers",
                    snow="snow|snowy|flurries",
                    storm="storm|stormy|gales",
                ),
            ),
            max=f("high max maximum", integer(13, 39, words=0)),
            min=f("low min minimum", integer(-14, 12, words=0)),
        ),
    },
    templates=(
        "<<Weather for|Forecast for|The weather in>> {place} on {day}: {condition}.[[ Highs of {high} °C, lows of {low} °C.]] Wind: {wind_from}, {wind_speed} km/h.[[ Chance of rain: {rain_chance} %.]]",
        "STATION {station}\nDATE {day}\nTIME {time}\nTEMP {temperature} C\nHUM {humidity} %\n<<PRES|BARO|PRESSURE>> {pressure} hPa\nWIND {wind_speed} km/h {wind_from}[[\nRAIN {rain_mm} mm]]",
        "Good <<morning|evening>> from {place}! <<Today|For today>> we have {condition}, with {temperature} degrees at {time}. The sun rises at {sunrise} and sets at {sunset}.[[ For the coast: {bathing}.]] Stay tuned for traffic news.",
        "Official notice of the weather service, {country}\n\nIn force for {place} on {day}: {warning}. Expected: {condition}, wind {wind_from} (up to {wind_speed} km/h), and {rain_mm} mm of precipitation. <<Residents|Drivers>> should follow the advice of the authorities. Call centre staff: 12 persons.",
        "{place} {time}: {temperature} °C, {condition}, {humidity} % humidity, {wind_speed} km/h {wind_from}",
        "| Place | Date | Max | Min | Weather | Rain mm |\n| {place} | {day} | {high} | {low} | {condition} | {rain_mm} |",
        "omg it's {temperature} degrees here in {place} <<at|already at>> {time}, {condition}. app says {high} max[[ and {rain_chance}% rain]]. {bathing} at the lake",
        "Outlook for {place}[[ ({country})]]:\n{outlook}\n[[\nWarnings: {warning}]]",
        "Dear <<hikers|sailors|guests>>,\n\nthe report for {day}: {condition}, temperatures between {low} and {high} °C. Wind: {wind_from}, {wind_speed} km/h. Alert status: {warning}.\n\n{outlook}\n\nThe hut serves soup until late.\n\n<<Mountain|Harbour>> office {place}",
        "- location: {place}\n- temp: {temperature}\n- sky: {condition}\n- humidity: {humidity}\n- pressure: {pressure}\n- sunrise: {sunrise}\n- sunset: {sunset}",
        "Weather station {station} in {place} (built with money from the lottery) <<reported|measured>> {temperature} °C at {time} on {day}. Air pressure was {pressure} hPa and humidity {humidity} percent. Over the whole day {rain_mm} mm fell.[[ The maximum was {high}, the minimum {low}.]]",
        "Beach flag update {day}: {bathing}. Wind {wind_speed} km/h, {wind_from}. {warning}.",
        "location={place};country={country};date={day};tmax={high};tmin={low};pop={rain_chance};cond={condition}",
        "Next days in {place}:\n{outlook}\nRain probability tomorrow {rain_chance} percent. Sunset today {sunset}.",
        "Weather report {place}, {country}, {day}\n\nConditions: {condition}\nTemperature: {temperature} °C (max {high}, min {low})\nWind: {wind_speed} km/h, {wind_from}\nHumidity: {humidity} %[[\nPressure: {pressure} hPa]][[\nWarning: {warning}]]",
        "On {day} <<people in|the region around>> {place} can expect {condition}. <<Temperatures reach|It gets up to>> {high} °C by day and fall to {low} °C at night. The chance of rain is {rain_chance} %[[, with {rain_mm} mm expected]].[[ Wind: {wind_from}, {wind_speed} km/h.]]",
    ),
)
