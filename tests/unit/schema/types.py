"""One table of output types: every kind of constraint that Pydantic knows, by name.

The names that `pydantic.jsonl.gz` of the test data has too mean the same type here, but for `EmailStr`.
"""

from __future__ import annotations

import dataclasses
import enum
import ipaddress
import re
import uuid
import zoneinfo
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NamedTuple, NotRequired, TypeVar

import annotated_types as at
import pydantic
from pydantic import (
    UUID1,
    UUID4,
    UUID5,
    UUID7,
    AfterValidator,
    AliasChoices,
    AliasPath,
    AnyUrl,
    AwareDatetime,
    Base64Bytes,
    Base64Str,
    Base64UrlBytes,
    Base64UrlStr,
    BaseModel,
    BeforeValidator,
    ByteSize,
    ConfigDict,
    DirectoryPath,
    Discriminator,
    FailFast,
    Field,
    FilePath,
    FileUrl,
    FiniteFloat,
    FtpUrl,
    FutureDate,
    GetJsonSchemaHandler,
    HttpUrl,
    IPvAnyAddress,
    IPvAnyInterface,
    IPvAnyNetwork,
    Json,
    JsonValue,
    NaiveDatetime,
    NewPath,
    NonNegativeFloat,
    NonPositiveInt,
    PastDate,
    PastDatetime,
    PlainValidator,
    PositiveInt,
    PostgresDsn,
    PrivateAttr,
    RedisDsn,
    RootModel,
    Secret,
    SecretBytes,
    SecretStr,
    Strict,
    StringConstraints,
    Tag,
    WithJsonSchema,
    WrapValidator,
    computed_field,
    field_validator,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import core_schema
from typing_extensions import TypeAliasType, TypedDict

T = TypeVar("T")


def of_core(schema: Any) -> Any:
    """A type whose core schema is `schema`, for what no annotation leads to."""
    return Annotated[object, pydantic.GetPydanticSchema(lambda _source, _handler: schema)]


def model(name: str, annotation: Any, **config: Any) -> type[BaseModel]:
    """A model with one field `x`."""
    fields: dict[str, Any] = {"__config__": config, "x": (annotation, ...)}
    made: type[BaseModel] = pydantic.create_model(name, **fields)
    return made


# --- models that the table needs -----------------------------------------------------------------


class Priority(enum.IntEnum):
    LOW = 1
    MIDDLE = 2
    HIGH = 10


class Color(enum.StrEnum):
    RED = "red"
    GREEN = "green"
    BLUE = "blue"


class Mixed(enum.Enum):
    NUMBER = 1
    TEXT = "x"
    HALF = 1.5
    NONE = None
    PAIR = (1, 2)
    RAW = b"raw"


class Forgiving(enum.Enum):
    YES = "yes"
    NO = "no"

    @classmethod
    def _missing_(cls, value: object) -> Forgiving | None:
        return cls.YES if str(value).lower() == "yes" else None


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = Field(ge=1, le=9)


class Dog(BaseModel):
    kind: Literal["dog"]
    bark: str


class Pet(BaseModel):
    pet: Cat | Dog = Field(discriminator="kind")


class DefaultCat(BaseModel):
    kind: Literal["cat"] = "cat"
    lives: int = 9


class DefaultDog(BaseModel):
    kind: Literal["dog", "wolf"] = "dog"
    name: str = "Rex"


class BlackCat(BaseModel):
    kind: Literal["cat"]
    color: Literal["black"]
    name: str


class WhiteCat(BaseModel):
    kind: Literal["cat"]
    color: Literal["white"]
    age: int


AnyCat = Annotated[BlackCat | WhiteCat, Field(discriminator="color")]


class Zoo(BaseModel):
    pets: list[Annotated[AnyCat | Dog, Field(discriminator="kind")]]


class UA(BaseModel):
    a: int


class AliasedA(BaseModel):
    kind: Literal["a"] = Field("a", alias="Kind")


class AliasedB(BaseModel):
    kind: Literal["b"] = Field("b", alias="Kind")


class EnumTagged(BaseModel):
    kind: Literal[Color.RED]


class EnumTaggedToo(BaseModel):
    kind: Literal[Color.GREEN, Color.BLUE]


class CatKeys(TypedDict):
    kind: Literal["cat"]
    lives: NotRequired[int]


class DogKeys(TypedDict):
    kind: Literal["dog"]


class LinkedList(BaseModel):
    val: str
    next: LinkedList | None = None


class Folder(BaseModel):
    name: str
    files: list[File] = []


class File(BaseModel):
    name: str
    parent: Folder | None = None


class Defaults(BaseModel):
    a: int
    b: str | None = None
    c: float = 1.5
    d: list[int] = Field(default_factory=list)


class Forbid(BaseModel):
    model_config = ConfigDict(extra="forbid")
    a: int
    b: str | None = None


class Allow(BaseModel):
    model_config = ConfigDict(extra="allow")
    a: int


class AllowTyped(BaseModel):
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, int]
    a: str
    b: str | None = None


class AllowNamed(BaseModel):
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[Annotated[str, Field(pattern="^x_")], int]
    a: str


class Aliases(BaseModel):
    first: str = Field(alias="firstName")
    last: str = Field(validation_alias="last-name")


class ByChoice(BaseModel):
    x: int = Field(validation_alias=AliasChoices("b", "a", AliasPath("q", 0)))


class ByName(BaseModel):
    model_config = ConfigDict(validate_by_name=True)
    x: int = Field(alias="X")


class OnlyByName(BaseModel):
    model_config = ConfigDict(validate_by_name=True, validate_by_alias=False)
    x: int = Field(alias="X")


class ByPath(BaseModel):
    x: int = Field(validation_alias=AliasPath("a", 0))


class ByPathOrName(BaseModel):
    model_config = ConfigDict(validate_by_name=True)
    x: int = Field(validation_alias=AliasPath("a", 0))


class Computed(BaseModel):
    w: int
    h: int

    @computed_field
    def area(self) -> int:
        return self.w * self.h


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int = Field(ge=0)


class Private(BaseModel):
    a: int
    _b: int = PrivateAttr(1)


class PostInit(BaseModel):
    a: int

    def model_post_init(self, context: Any) -> None:
        if self.a == 3:
            raise ValueError("three")


class PostInitAndPrivate(PostInit):
    _b: int = PrivateAttr(1)


class CustomInit(BaseModel):
    a: int

    def __init__(self, **data: Any) -> None:
        if data.get("a") == 3:
            raise ValueError("three")
        super().__init__(**data)


class FieldChecked(BaseModel):
    a: int

    @field_validator("a")
    @classmethod
    def not_three(cls, value: int) -> int:
        if value == 3:
            raise ValueError("three")
        return value


class ModelChecked(BaseModel):
    a: int
    b: int

    @model_validator(mode="after")
    def ordered(self) -> ModelChecked:
        if self.a > self.b:
            raise ValueError("a > b")
        return self


class ModelBefore(BaseModel):
    a: int

    @model_validator(mode="before")
    @classmethod
    def look(cls, value: Any) -> Any:
        if isinstance(value, dict) and value.get("a") == 3:
            raise ValueError("three")
        return value


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)
    a: int


class Titled(BaseModel):
    """doc"""

    model_config = ConfigDict(
        str_max_length=4, str_min_length=1, json_schema_extra={"examples": [{"a": "x"}]}
    )
    a: str = Field(description="doc")


class StrippedConfig(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True, str_to_lower=True)
    a: str = Field(min_length=2, pattern="^[A-Z]+$")


class MinProperties(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"minProperties": 1})
    a: int = 0
    b: int = 0


class WidenedByItsAuthor(BaseModel):
    x: int = Field(ge=0, le=10, json_schema_extra={"maximum": 1000})
    y: Annotated[str, Field(max_length=3), WithJsonSchema({"type": "string", "maxLength": 9})]


class OwnSchema(BaseModel):
    a: int = Field(le=5)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = handler.resolve_ref_schema(handler(core))
        schema["properties"]["a"].pop("maximum")
        schema["examples"] = [{"a": 1}]
        return schema


class Opaque:
    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return core_schema.is_instance_schema(cls)


class Skipped(BaseModel):
    x: int | SkipJsonSchema[None]


class StrictModel(BaseModel):
    model_config = ConfigDict(strict=True)
    i: int
    f: float
    d: date
    u: uuid.UUID
    s: set[int]
    t: tuple[int, str]
    e: Color
    p: Path
    b: bytes
    n: Decimal
    ip: ipaddress.IPv4Address


@dataclasses.dataclass
class Point:
    x: int
    y: int = dataclasses.field(default=0, kw_only=True)
    seen: bool = dataclasses.field(default=False, init=False)


@pydantic.dataclasses.dataclass
class Checked:
    x: Annotated[int, Field(gt=0)]
    factor: dataclasses.InitVar[int] = 1

    def __post_init__(self, factor: int) -> None:
        if self.x * factor == 9:
            raise ValueError("nine")


@pydantic.dataclasses.dataclass(config=ConfigDict(extra="forbid"))
class ForbidData:
    x: int
    a: bool = dataclasses.field(default=False, init=False)


@pydantic.dataclasses.dataclass
class TreeData:
    children: list[TreeData]
    label: str = "leaf"


class Pair(NamedTuple):
    a: int
    b: str = "z"


class Movie(TypedDict):
    title: str
    year: NotRequired[Annotated[int, Field(ge=1900)]]


class Loose(TypedDict, total=False):
    a: int
    b: Annotated[str, Field(max_length=2)]


class Closed(TypedDict):
    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]
    a: int


EmailText = Annotated[str, Field(json_schema_extra={"format": "email"})]
"""In place of ``EmailStr``, which needs another package; Pydantic takes any text for it."""


class Item(BaseModel):
    sku: str = Field(pattern=r"^[A-Z]{2}-\d{3}$")
    price: Decimal = Field(ge=0, max_digits=7, decimal_places=2)
    quantity: int = Field(gt=0, multiple_of=2)

    @field_validator("sku")
    @classmethod
    def is_sold(cls, value: str) -> str:
        if value == "AB-123":
            raise ValueError("no longer sold")
        return value


class Receipt(BaseModel):
    number: str = Field(pattern=r"^INV-\d{4}$")
    placed: AwareDatetime
    items: list[Item] = Field(min_length=1)
    spare: Item | None = None
    colors: set[Color] = set()
    by_day: dict[date, int] = {}


class Address(BaseModel):
    model_config = ConfigDict(extra="forbid")
    street: str = Field(min_length=1, max_length=80)
    zip: str = Field(pattern=r"^\d{5}(-\d{4})?$")
    country: Literal["US", "CA", "MX"]


class Line(BaseModel):
    sku: str = Field(pattern=r"^[A-Z]{3}-\d{4}$")
    qty: int = Field(ge=1, le=999)
    price: float = Field(gt=0)


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: uuid.UUID
    placed: datetime
    email: EmailText
    ship: Address
    bill: Address | None = None
    lines: list[Line] = Field(min_length=1, max_length=50)
    tags: Annotated[set[str], Field(max_length=5)] = set()
    meta: dict[str, str | int] = {}


class ToolA(BaseModel):
    tool: Literal["search"]
    query: str = Field(min_length=1, max_length=200)
    k: int = Field(10, ge=1, le=50)


class ToolB(BaseModel):
    tool: Literal["calc"]
    expr: str


class ToolC(BaseModel):
    tool: Literal["mail"]
    to: list[EmailText] = Field(min_length=1)
    body: str


class Call(BaseModel):
    calls: list[Annotated[ToolA | ToolB | ToolC, Field(discriminator="tool")]] = Field(
        min_length=1, max_length=4
    )


Percentages = TypeAliasType("Percentages", Annotated[list[Annotated[int, Field(ge=0, le=100)]], at.MaxLen(3)])


class AliasRefs(BaseModel):
    a: Percentages
    b: Annotated[Percentages, Field(min_length=1)]


_SIXTY: dict[str, Any] = {f"f{i}": (int | None, None) for i in range(60)}
SixtyFields: type[BaseModel] = pydantic.create_model("SixtyFields", **_SIXTY)

JsonAlias = TypeAliasType(
    "JsonAlias",
    "dict[str, JsonAlias] | list[JsonAlias] | str | int | float | bool | None",
)


def is_even(value: int) -> bool:
    return value % 2 == 0


def not_three(value: Any) -> Any:
    if value == 3:
        raise ValueError("three")
    return value


def wrapped(value: Any, handler: Callable[[Any], Any]) -> Any:
    return not_three(handler(value))


def parse_words(value: Any) -> Any:
    return value.split() if isinstance(value, str) else value


def tag_of(value: Any) -> str:
    return "text" if isinstance(value, str) else "model"


SUM = date(2020, 2, 15)

TYPES: dict[str, Any] = {
    # integers
    "IntPlain": model("IntPlain", int),
    "IntGtLt": model("IntGtLt", Annotated[int, Field(gt=0, lt=100)]),
    "IntPos": model("IntPos", PositiveInt),
    "IntNonPos": model("IntNonPos", NonPositiveInt),
    "IntMult7Range": model("IntMult7Range", Annotated[int, Field(ge=0, le=100, multiple_of=7)]),
    "IntMultBig": model("IntMultBig", Annotated[int, Field(multiple_of=5000)]),
    "IntHuge": Annotated[int, Field(ge=2**80, lt=2**90)],
    "IntStrict": model("IntStrict", Annotated[int, Strict()]),
    "IntBothBounds": Annotated[int, Field(gt=1, ge=5, lt=9, le=20)],
    "FieldReq4": model("FieldReq4", Annotated[int, Field(ge=0, lt=1000, multiple_of=2)]),
    # other numbers
    "FloatPlain": model("FloatPlain", float),
    "FloatGtLt": model("FloatGtLt", Annotated[float, Field(gt=0, lt=1)]),
    "FloatNonNeg": model("FloatNonNeg", NonNegativeFloat),
    "FloatMultInt": model("FloatMultInt", Annotated[float, Field(multiple_of=2)]),
    "FloatMultTenth": Annotated[float, Field(multiple_of=0.5)],
    "FloatNegRange": model("FloatNegRange", Annotated[float, Field(ge=-2.5, lt=-0.5)]),
    "FloatNoInf": model("FloatNoInf", FiniteFloat),
    "FloatNoInfConfig": model("FloatNoInfConfig", float, allow_inf_nan=False),
    "FloatNoInfAbove": Annotated[float, Field(gt=0, allow_inf_nan=False)],
    "Decimal": Decimal,
    "DecimalDigits": model("DecimalDigits", Annotated[Decimal, Field(max_digits=6, decimal_places=2, ge=0)]),
    "DecimalPlaces": Annotated[Decimal, Field(decimal_places=2)],
    "DecimalMaxDigits": Annotated[Decimal, Field(max_digits=3)],
    "DecimalOnlyPlaces": Annotated[Decimal, Field(max_digits=2, decimal_places=2)],
    "DecimalBounds": Annotated[Decimal, Field(gt=Decimal("-1.5"), lt=Decimal("10.5"))],
    "DecimalMultiple": Annotated[Decimal, Field(ge=0, le=5), at.MultipleOf(Decimal("0.05"))],
    "DecimalStrict": Annotated[Decimal, Strict()],
    "Fraction": Fraction,
    "FractionBounds": Annotated[Fraction, Field(gt=0)],
    "Complex": complex,
    "BoolF": model("BoolF", bool),
    "BoolStrict": Annotated[bool, Strict()],
    "Null": None,
    # texts
    "StrPlain": str,
    "StrMax5": model("StrMax5", Annotated[str, Field(max_length=5)]),
    "StrMinMax": model("StrMinMax", Annotated[str, Field(min_length=2, max_length=4)]),
    "StrMax280": model("StrMax280", Annotated[str, Field(max_length=280)]),
    "StrPatUnanch": model("StrPatUnanch", Annotated[str, Field(pattern="[0-9]+")]),
    "StrPatAlt": model("StrPatAlt", Annotated[str, Field(pattern="^(foo|bar)$")]),
    "StrPatDot": model("StrPatDot", Annotated[str, Field(pattern="^.{3}$")]),
    "StrPatNeg": model("StrPatNeg", Annotated[str, Field(pattern="^[^,]+$")]),
    "StrPatWord": model("StrPatWord", Annotated[str, Field(pattern=r"^\w+\s\w+$")]),
    "StrPatNestedRep": model("StrPatNestedRep", Annotated[str, Field(pattern="^([a-z]{1,3}-){2,3}[0-9]$")]),
    "StrPatCompiled": Annotated[str, Field(pattern=re.compile("^a.c$", re.IGNORECASE | re.DOTALL))],
    "StrPatVerbose": Annotated[str, Field(pattern=re.compile("^ a b $", re.VERBOSE))],
    "StrPatPython": model(
        "StrPatPython", Annotated[str, Field(pattern="^(?=a)ab$")], regex_engine="python-re"
    ),
    "StrPatLength": Annotated[str, Field(pattern="^[a-z]*$", min_length=2, max_length=4)],
    "StrUpper": model("StrUpper", Annotated[str, StringConstraints(to_upper=True, max_length=3)]),
    "StrUpperPattern": Annotated[str, StringConstraints(to_upper=True, pattern="^[a-z]+$")],
    "StrStrip": Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=5)],
    "StrStripPattern": Annotated[str, StringConstraints(strip_whitespace=True, pattern="^a.*z$")],
    "StrAscii": Annotated[str, StringConstraints(ascii_only=True, min_length=1)],
    "StrStripAscii": Annotated[str, StringConstraints(strip_whitespace=True, ascii_only=True, pattern="b")],
    "StrTwoPatterns": Annotated[Annotated[str, AfterValidator(not_three)], Field(pattern="b")],
    "StrLaterBounds": Annotated[Annotated[str, AfterValidator(not_three)], Field(max_length=3)],
    "StrStrict": Annotated[str, Strict()],
    "StrippedConfig": StrippedConfig,
    "EmailF": model("EmailF", EmailText),
    # dates and times
    "DateF": model("DateF", date),
    "DateStrict": Annotated[date, Strict()],
    "DateFrom": Annotated[date, Field(ge=SUM)],
    "DateAfter": Annotated[date, Field(gt=date(2019, 12, 31))],
    "DateTo": Annotated[date, Field(le=SUM)],
    "DateBetween": Annotated[date, Field(ge=date(1999, 12, 30), lt=date(2000, 3, 1))],
    "DatePast": PastDate,
    "DateFuture": FutureDate,
    "DateTime": datetime,
    "DateTimeAware": model("DateTimeAware", AwareDatetime),
    "DateTimeNaive": NaiveDatetime,
    "DateTimePast": PastDatetime,
    "DateTimeFrom": Annotated[datetime, Field(ge=datetime(2020, 1, 1))],
    "DateTimeAwareFrom": Annotated[AwareDatetime, Field(ge=datetime(2020, 1, 1, tzinfo=UTC))],
    "DateTimeOffset": of_core(core_schema.datetime_schema(tz_constraint=-19800)),
    "DateTimeUtc": of_core(core_schema.datetime_schema(tz_constraint=0)),
    "TimeF": model("TimeF", time),
    "TimeNaive": of_core(core_schema.time_schema(tz_constraint="naive")),
    "TimeAware": of_core(core_schema.time_schema(tz_constraint="aware")),
    "TimeTo": Annotated[time, Field(lt=time(12))],
    "Duration": timedelta,
    "DurationTo": Annotated[timedelta, Field(le=timedelta(days=3))],
    # ids and addresses
    "Uuid": uuid.UUID,
    "UuidVersion": of_core(core_schema.uuid_schema(version=4)),
    "Uuid1": UUID1,
    "Uuid4F": model("Uuid4F", UUID4),
    "Uuid5": UUID5,
    "Uuid7": UUID7,
    "UrlHttp": model("UrlHttp", HttpUrl),
    "UrlAny": AnyUrl,
    "UrlFtp": FtpUrl,
    "UrlFile": FileUrl,
    "UrlPostgres": PostgresDsn,
    "UrlRedis": RedisDsn,
    "UrlCustom": Annotated[
        AnyUrl, pydantic.UrlConstraints(allowed_schemes=["s3"], max_length=30, host_required=True)
    ],
    "IPv4": ipaddress.IPv4Address,
    "IPv6F": model("IPv6F", ipaddress.IPv6Address),
    "IPv4Network": ipaddress.IPv4Network,
    "IPv6Network": ipaddress.IPv6Network,
    "IPv4Interface": ipaddress.IPv4Interface,
    "IPv6Interface": ipaddress.IPv6Interface,
    "IPvAny": IPvAnyAddress,
    "IPvAnyNetwork": IPvAnyNetwork,
    "IPvAnyInterface": IPvAnyInterface,
    # bytes and other texts
    "BytesF": model("BytesF", bytes),
    "BytesMax": Annotated[bytes, Field(min_length=2, max_length=3)],
    "BytesBase64": model("BytesBase64", bytes, val_json_bytes="base64"),
    "BytesHex": model("BytesHex", Annotated[bytes, Field(min_length=1, max_length=2)], val_json_bytes="hex"),
    "BytesSerializedAsBase64": model("BytesSerializedAsBase64", bytes, ser_json_bytes="base64"),
    "Base64StrF": model("Base64StrF", Base64Str),
    "Base64BytesF": Base64Bytes,
    "Base64UrlBytesF": Base64UrlBytes,
    "Base64UrlStrF": Base64UrlStr,
    "PathF": model("PathF", Path),
    "PathFile": FilePath,
    "PathDirectory": DirectoryPath,
    "PathNew": NewPath,
    "ByteSizeF": model("ByteSizeF", ByteSize),
    "SecretStrF": SecretStr,
    "SecretStrMin": Annotated[SecretStr, Field(min_length=3)],
    "SecretBytesF": SecretBytes,
    "SecretInt": Secret[int],
    "JsonList": Json[list[int]],
    "JsonAny": Json,
    "JsonModel": model("JsonModel", Json[Cat]),
    "ZoneInfo": zoneinfo.ZoneInfo,
    "Regex": re.Pattern[str],
    # choices
    "EnumInt": model("EnumInt", Priority),
    "EnumStr": Color,
    "EnumMixed": Mixed,
    "EnumMissing": Forgiving,
    "EnumStrict": Annotated[Color, Strict()],
    "LitStr": model("LitStr", Literal["a", "ab", "abc"]),
    "LitOne": model("LitOne", Literal["only"]),
    "LitMixed": Literal[1, "a", None, True],
    "LitBytes": Literal["a", b"b"],
    "LitEnum": Literal[Color.RED, Color.GREEN],
    "Lit1000": model("Lit1000", Literal[tuple(f"v{i:04}" for i in range(1000))]),
    # unions
    "AnyF": model("AnyF", Any),
    "HashableF": Hashable,
    "JsonValue": JsonValue,
    "OptIntRange": model("OptIntRange", Annotated[int, Field(ge=0, le=5)] | None),
    "OptIntOutside": model("OptIntOutside", Annotated[int | None, Field(ge=0, le=5)]),
    "UnionConstr": model("UnionConstr", Annotated[int, Field(gt=10)] | Annotated[str, Field(max_length=2)]),
    "UnionLeftToRight": Annotated[int | str, Field(union_mode="left_to_right")],
    "UnionSkipped": int | Callable[[], int],
    "Discriminated": Pet,
    "DiscDefaults": Annotated[DefaultCat | DefaultDog, Field(discriminator="kind")],
    "DiscNested": Zoo,
    "DiscNestedDefaults": Annotated[AnyCat | DefaultDog, Field(discriminator="kind")],
    "DiscAliased": Annotated[AliasedA | AliasedB, Field(discriminator="kind")],
    "DiscEnum": Annotated[EnumTagged | EnumTaggedToo, Field(discriminator="kind")],
    "DiscTyped": Annotated[CatKeys | DogKeys, Field(discriminator="kind")],
    "CallableDisc": model(
        "CallableDisc",
        Annotated[Annotated[UA, Tag("model")] | Annotated[str, Tag("text")], Discriminator(tag_of)],
    ),
    # recursion
    "RecList": LinkedList,
    "RecField": model("RecField", LinkedList),
    "RecMutual": Folder,
    "RecJsonAlias": model("RecJsonAlias", JsonAlias),
    "RecData": TreeData,
    # arrays
    "TupleFixed": model("TupleFixed", tuple[int, str, bool]),
    "TupleEmpty": model("TupleEmpty", tuple[()]),
    "TupleMany": Annotated[tuple[int, ...], Field(min_length=1, max_length=3)],
    "TuplePrefix": tuple[str, *tuple[int, ...]],
    "TupleSuffix": tuple[int, *tuple[str, ...], bool],
    "TupleVariadicLast": of_core(
        core_schema.tuple_schema([core_schema.str_schema(), core_schema.int_schema()], variadic_item_index=1)
    ),
    "TupleVariadicMiddle": of_core(
        core_schema.tuple_schema(
            [core_schema.int_schema(), core_schema.str_schema(), core_schema.bool_schema()],
            variadic_item_index=1,
        )
    ),
    "NamedTup": model("NamedTup", Pair),
    "SetIntRaw": model("SetIntRaw", set[str]),
    "SetLitMin2": model("SetLitMin2", Annotated[set[Literal["a", "b", "c"]], Field(min_length=2)]),
    "SetEnum": frozenset[Color],
    "SetAny": set[Any],
    "SetOfLists": set[list[int]],
    "SetOfModels": set[Cat],
    "SetOfFrozen": set[Frozen],
    "SetOfUuids": Annotated[set[uuid.UUID], Field(min_length=2)],
    "ListMin1": model("ListMin1", Annotated[list[str], Field(min_length=1)]),
    "ListMax0": model("ListMax0", Annotated[list[int], Field(max_length=0)]),
    "ListOfConstr": model("ListOfConstr", list[Annotated[str, Field(max_length=3, pattern="^[a-z]+$")]]),
    "ListFailFast": Annotated[list[int], FailFast(), Field(max_length=3)],
    "ListLen": Annotated[list[int], at.Len(1, 2)],
    "DequeF": model("DequeF", deque[int]),
    "DequeMax": Annotated[deque[int], Field(max_length=2)],
    "SequenceMax": Annotated[Sequence[int], Field(max_length=2)],
    "IterableF": Iterable[int],
    # objects
    "DictStrInt": model("DictStrInt", dict[str, int]),
    "DictIntKey": model("DictIntKey", dict[int, str]),
    "DictIntKeyRange": dict[Annotated[int, Field(ge=0, lt=10)], str],
    "DictFloatKey": dict[Annotated[float, Field(gt=0)], int],
    "DictFiniteKey": dict[FiniteFloat, int],
    "DictBoolKey": dict[bool, int],
    "DictDecimalKey": dict[Annotated[Decimal, Field(decimal_places=1, ge=0)], int],
    "DictEnumKey": model("DictEnumKey", dict[Color, Annotated[int, Field(ge=0)]]),
    "DictIntEnumKey": dict[Priority, int],
    "DictMixedEnumKey": dict[Mixed, int],
    "DictEnumKeyTwice": tuple[dict[Color, int], dict[Color, int], Color],
    "DictLiteralKey": dict[Literal["a", "b", 3], int],
    "DictLenKey": model("DictLenKey", dict[Annotated[str, Field(min_length=2, max_length=3)], int]),
    "DictPatternKey": dict[Annotated[str, Field(pattern="^x-")], int],
    "DictStrippedKey": dict[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)], int],
    "DictCheckedKey": dict[Annotated[int, AfterValidator(not_three)], int],
    "DictDateKey": model("DictDateKey", dict[date, int]),
    "DictUuidKey": dict[UUID4, int],
    "DictUnionKey": dict[int | Literal["all"], int],
    "DictOptionalKey": dict[int | None, int],
    "DictTupleKey": dict[tuple[int, int], int],
    "DictNoneKey": dict[None, int],
    "DictMinMax": Annotated[dict[str, int], Field(min_length=1, max_length=2)],
    "DictOfModel": model("DictOfModel", dict[str, Cat]),
    "DictOrdered": OrderedDict[str, int],
    "DictDefault": defaultdict[int, list[int]],
    "DictCounter": Counter[str],
    "MappingF": model("MappingF", Mapping[str, float]),
    "Defaults": Defaults,
    "ExtraForbid": Forbid,
    "ExtraAllow": Allow,
    "ExtraTyped": AllowTyped,
    "ExtraNamed": AllowNamed,
    "Aliases": Aliases,
    "AliasChoice": ByChoice,
    "AliasByName": ByName,
    "AliasOnlyByName": OnlyByName,
    "AliasPathOrName": ByPathOrName,
    "ComputedField": Computed,
    "Generic": Page[Annotated[int, Field(ge=0)]],
    "GenericTwice": tuple[Page[int], Page[str]],
    "RootList": RootModel[list[int]],
    "RootDict": RootModel[dict[str, Cat]],
    "RootInt": RootModel[Annotated[int, Field(ge=3, le=300)]],
    "DataclassF": Point,
    "DataclassPydantic": Checked,
    "DataclassForbid": ForbidData,
    "TypedDictF": Movie,
    "TypedDictLoose": Loose,
    "TypedDictClosed": Closed,
    "StrictModel": StrictModel,
    "Private": Private,
    "Receipt": Receipt,
    "Order": Order,
    "ToolCalls": Call,
    "AliasRefSiblings": AliasRefs,
    "FieldsOpt60": SixtyFields,
    # what the author says
    "WithJS": model("WithJS", Annotated[int, WithJsonSchema({"type": "integer", "enum": [1, 2, 3]})]),
    "ConfigStrMax": Titled,
    "MinProps1": MinProperties,
    "NotExtra": model(
        "NotExtra", Annotated[str, Field(json_schema_extra={"not": {"enum": ["root", "admin"]}})]
    ),
    "Widened": WidenedByItsAuthor,
    "OwnSchema": OwnSchema,
    "Opaque": Annotated[Opaque, WithJsonSchema({"type": "string"})],
    "Skipped": Skipped,
    # code
    "Predicate": Annotated[int, at.Predicate(is_even)],
    "Not": Annotated[int, at.Not(is_even)],
    "Even": Annotated[int, at.MultipleOf(2)],
    "After": model("After", Annotated[int, AfterValidator(not_three)]),
    "Before": Annotated[list[str], BeforeValidator(parse_words)],
    "BeforeWithSchema": Annotated[
        list[str], BeforeValidator(parse_words), WithJsonSchema({"type": "string"})
    ],
    "Plain": Annotated[int, PlainValidator(not_three, json_schema_input_type=int)],
    "Wrap": Annotated[int, WrapValidator(wrapped)],
    "FieldChecked": FieldChecked,
    "ModelChecked": ModelChecked,
    "ModelBefore": ModelBefore,
    "PostInit": PostInit,
    "PostInitAndPrivate": PostInitAndPrivate,
    "CustomInit": CustomInit,
}
"""Every type, by name."""

REFUSED: dict[str, Any] = {
    "Callable": Callable[[int], int],
    "Class": type[int],
    "Import": pydantic.ImportString,
    "AliasPath": ByPath,
    "OnlyBytes": Literal[b"raw"],
}
"""Types of which no JSON text is a value, or that name what is to be imported."""
