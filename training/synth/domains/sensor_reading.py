"""Readings of sensors: device, quantity, value, unit, time, battery, alarms."""

from ..domain import Domain, f, g, rows
from ..values import IPV4, PERSON, Values, choice, code, datetime, flag, integer, number, options, text, time

UNITS = ["°C", "°F", "K", "%", "hPa", "bar", "ppm", "lux", "dB", "V", "mV", "A", "mA", "W", "kW", "kWh", "m/s", "km/h", "mm", "cm", "m", "L/min", "m³/h",
         "pH", "µg/m³", "rpm", "Hz", "N", "Nm", "kg", "g", "Pa", "kPa", "Bq", "µSv/h", "NTU", "mg/L", "J", "lm", "cd"]  # fmt: skip
UNIT = text(lambda v: v.pick(UNITS))
PLACES = """boiler room|attic|cellar|greenhouse 2|hall A|hall B|cold store|roof|pump house|server room|kitchen|garage|corridor|lab 3|stable|silo 4|
north field|south field|river bank|tunnel|bridge pier 2|tank 7|oven 1|workshop|loading dock|vineyard row 12|well|chimney|turbine hall|engine room|nursery|
aquarium|bathroom|balcony|beehive 5|living room""".replace("\n", "").split("|")


def _topic(v: Values) -> str:
    return "/".join(
        [v.word(1, 2), v.rng.choice(["sensors", "floor1", "plant", "home", "site"]), v.word(1, 2)]
    )


DOMAIN = Domain(
    name="sensor_reading",
    tasks=(
        "Extract the sensor reading.",
        "Read the measurement.",
        "Parse the telemetry.",
        "What did the sensor measure?",
        "Sensor data, please.",
    ),
    fields={
        "device": f(
            "device_id device sensor_id sensor id",
            code("SN-####", "dev-##??", "TH###", "@@##-####", "node##", "########", "S-??##"),
            "identifier of the device",
        ),
        "model": f(
            "model device_model type_name hardware",
            code("@@@-##", "@?##", "@@####", "@#-@@##"),
            "model of the device",
        ),
        "quantity": f(
            "quantity measurement sensor_type kind measured",
            choice(
                temperature="temperature|warmth|how hot it is",
                humidity="humidity|moisture of the air|relative humidity",
                pressure="pressure|air pressure|the force per area",
                light="brightness|light|illuminance",
                noise="noise|sound level|loudness",
                power="power|electrical power|power draw",
                flow="flow|flow rate|water flow",
                motion="motion|movement|presence of people",
                air_quality="air quality|particulate matter|pollution of the air",
            ),
            "what is measured",
        ),
        "value": f(
            "value reading measured_value result", number(-30, 1200, 2), "the measured value without unit"
        ),
        "unit": f("unit units unit_of_measurement uom", UNIT, "unit of the value"),
        "time": f("timestamp time measured_at recorded_at at", datetime(), "when it was measured"),
        "limits": g(
            "limits thresholds range bounds",
            low=f("min low lower minimum", number(-50, 0, 1), "lower limit"),
            high=f("max high upper maximum", number(1300, 3000, 1), "upper limit"),
        ),
        "location": f("location place position room installed_at", options(*PLACES), "where the sensor is"),
        "battery": f(
            "battery battery_percent battery_level charge",
            integer(13, 100, words=0),
            "charge of the battery in percent",
        ),
        "signal": f(
            "signal_dbm rssi signal signal_strength",
            integer(-120, -30, words=0),
            "strength of the radio signal in dBm",
        ),
        "interval": f(
            "interval_seconds interval sampling_interval period",
            integer(13, 900, words=0),
            "seconds between two measurements",
        ),
        "status": f(
            "status state health condition",
            choice(
                ok="ok|working normally|healthy|within limits",
                warning="slightly out of range|in need of attention|suspicious",
                alarm="in alarm|far beyond the limit|dangerous",
                offline="offline|not responding|silent since yesterday",
                calibrating="being calibrated|in calibration mode|under adjustment",
            ),
            "condition of the sensor",
        ),
        "calibrated": f(
            "calibrated is_calibrated",
            flag(
                "calibrated|freshly adjusted|with a valid calibration",
                "not calibrated|uncalibrated|overdue for calibration",
            ),
            "whether it has been calibrated",
        ),
        "technician": f("technician maintained_by operator contact", PERSON, "who looks after it"),
        "address": f("ip_address ip address", IPV4, "network address"),
        "topic": f("topic mqtt_topic channel", text(_topic), "channel of the messages"),
        "readings": rows(
            "readings measurements samples series",
            [
                "{at} {value} {unit}",
                "{at}: {value} {unit}",
                "{value} {unit} at {at}",
                "{at};{value};{unit}",
                "{at} | {value} | {unit}",
                "t={at} v={value}",
                "{at} -> {value}",
            ],
            (2, 6),
            "newline bullet comma semicolon",
            at=f("time at timestamp", time(), "time of day"),
            value=f("value reading", number(-30, 1200, 1)),
            unit=f("unit", UNIT),
        ),
        "firmware": f(
            "firmware firmware_version software_version",
            code("#.#.#", "#.##", "fw-##", "20##.#"),
            "version of the firmware",
        ),
    },
    templates=(
        "Sensor {device} ({location}): {value} {unit} at {time}[[. Battery {battery} %]][[, signal {signal} dBm]]",
        "device={device} type={quantity} value={value} unit={unit} ts={time} battery={battery} rssi={signal}",
        "On {time} the sensor in the {location} <<measured|recorded|showed>> {value} {unit} ({quantity}).[[ The limits are {limits.low} and {limits.high}.]][[ The device is {status}.]][[ Its battery is at {battery} percent.]]",
        "Device: {device}\nModel: {model}\n[[Firmware: {firmware}\n]]Location: {location}\nQuantity: {quantity}\nReading: {value} {unit}\nTime: {time}\n[[State: {status}\n]][[Calibration: {calibrated}]]",
        "{device} - {location} - {quantity}\n{readings}\n[[interval {interval} s]]",
        "<<ALERT|Warning|Attention>>! {quantity} in the {location} at {value} {unit}, <<allowed are|range is>> {limits.low} to {limits.high}. Device {device} is {status}.[[ {technician} has been informed.]]",
        "<<Hi|Hello|Dear>> {technician},\n\n<<the sensor|our device>> {device} in the {location} is {status}. <<The last value was|It last reported>> {value} {unit} on {time}. [[It is a {model} with firmware {firmware}. ]]Please check the cable; the 2 neighbours work well.\n\n<<Thanks|Regards>>\nMonitoring",
        "topic: {topic}\npayload: {value} {unit}\nfrom: {device} @ {address}\nat: {time}\n[[battery: {battery}%]]",
        "time | value\n{readings}\n\n(sensor {device}, model {model}, {quantity}, every {interval} seconds)",
        "log of the {location}: {readings}. <<min limit|Lower limit>> {limits.low}, <<max limit|upper limit>> {limits.high}. Sensor {device} is {calibrated}.",
        "- id: {device}\n- measures: {quantity}\n- placed: {location}\n- sampling: every {interval} s\n- network: {address}\n- radio: {signal} dBm\n- firmware: {firmware}\n- calibration: {calibrated}",
        "bot: {topic} says {value} {unit}\n{technician}: is that {quantity}?\nbot: yes, from {device}, taken on {time}. battery {battery} %, sensor is {status}",
        "{device},{time},{value},{unit},{battery},{signal}",
        "<<Maintenance report|Visit report>>: {technician} went to the {location} and found {device} ({model}) {status} and {calibrated}. The firmware {firmware} was kept, the interval set to {interval} seconds. The trip took 45 km.",
        "<<Reading|Measurement>> of {quantity} in the {location}: {value} {unit} <<on|taken on>> {time} by {device}.[[ The sensor ({model}) is {status}.]][[ Battery: {battery} percent.]][[ Upper limit: {limits.high} {unit}.]]",
        "Sensor: {device}\n[[Site: {location}\n]]Type: {quantity}\nValue: {value}\nUnit: {unit}\nMeasured at: {time}\n[[Status: {status}\n]][[Battery: {battery} %\n]][[Firmware: {firmware}]]",
    ),
)
