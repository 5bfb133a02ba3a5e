"""What there is of an answer that is not whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from io import StringIO
from typing import TYPE_CHECKING, Any, Generic, NoReturn, cast, overload

from typing_extensions import TypeVar

from .schema.parts import part_of, resolved
from .schema.problems import path_of

if TYPE_CHECKING:
    from pydantic import JsonValue

    from .streams.tracker import ClosedPart

T_co = TypeVar("T_co", covariant=True, default=object)
V = TypeVar("V")
D = TypeVar("D")

_OF_NUMBERS = "-+.0123456789eE"


class Partial(Generic[T_co]):
    """What there is of an answer of the type `T` that is not whole, and never a `T` itself.

    Of a stream, it grows while the stream is read. Its text is parsed when `value`, `draft` or `missing` is
    looked at and more has been written since, so look at them as often as they are shown, and not at each
    part of a long answer. The first `get` reads the text too; each further one costs next to nothing.

    Example:
        >>> from qwen_structured import OutputTruncated, StructuredGenerator
        >>> from qwen_structured.testing import ScriptedBackend
        >>> generator = StructuredGenerator(backend=ScriptedBackend(['{"a": 1, "b']), max_attempts=1)
        >>> try:
        ...     generator.generate(dict[str, int], "a and b")
        ... except OutputTruncated as error:
        ...     error.partial.value
        {'a': 1}
    """

    def __init__(
        self,
        schema: Mapping[str, Any],
        text: str = "",
        parts_of: Callable[[str], Iterable[ClosedPart]] | None = None,
    ) -> None:
        self._schema = schema
        self._written = StringIO()
        self._parts_of = parts_of
        self._tree: _Open | None = None  # of those alone who ask for parts
        self._looked_at: tuple[int, JsonValue, tuple[str, ...]] | None = None
        self.add(text, ())

    @property
    def text(self) -> str:
        """What the model wrote so far."""
        return self._written.getvalue()

    @property
    def value(self) -> JsonValue:
        """What has been written to its end, as plain data that nothing has validated.

        The text or number that is being written is left out. None if there is nothing yet.
        """
        return self._look()[1]

    @property
    def draft(self) -> JsonValue:
        """The same with the text that is being written, as far as it is there: for a display."""
        return _begun(self.text, "trailing-strings")

    @property
    def missing(self) -> tuple[str, ...]:
        """Paths of what the type requires and is not there, such as ``lines[1].price``."""
        return self._look()[2]

    @overload
    def get(self, select: Callable[[T_co], V]) -> V | None: ...
    @overload
    def get(self, select: Callable[[T_co], V], default: D) -> V | D: ...
    def get(self, select: Callable[[T_co], Any], default: object = None) -> Any:
        """A part of the answer, if it has been written to its end and is valid.

        Args:
            select: goes to the part by attributes, keys and indices, as in ``lambda order: order.lines[0]``.
            default: what is given where the part is not there yet, or not valid.

        Returns:
            The validated part, of its own type.
        """
        try:
            found = select(cast("T_co", self._parts()))
        except _NotThere:
            return default
        return default if isinstance(found, _Open) else found

    def add(self, text: str, parts: Iterable[ClosedPart]) -> None:
        """Take what was written further, and the parts that it closed; streams do that."""
        self._written.write(text)
        if self._tree is not None:
            self._tree.take(parts)

    def _parts(self) -> _Open:
        if self._tree is None:
            self._tree = _Open()
            self._tree.take(self._parts_of(self.text) if self._parts_of is not None else ())
        return self._tree

    def __getstate__(self) -> dict[str, Any]:
        """Its parts go with it, and not what makes them."""
        self._parts()
        return {**self.__dict__, "_parts_of": None}

    def _look(self) -> tuple[int, JsonValue, tuple[str, ...]]:
        text = self.text
        if self._looked_at is None or self._looked_at[0] != len(text):
            value = _begun(text, True)
            missing = tuple(path_of(steps) for steps in missing_in(self._schema, value))
            self._looked_at = (len(text), value, missing)
        return self._looked_at

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Partial):
            return NotImplemented
        return (self.value, self.missing) == (other.value, other.missing)

    def __hash__(self) -> int:
        raise TypeError("a Partial cannot be hashed: it may grow")

    def __repr__(self) -> str:
        return f"Partial(value={self.value!r}, missing={self.missing!r})"


def begins(text: str) -> bool:
    """Whether something is there of a value."""
    from pydantic_core import from_json

    try:
        from_json(_without_number(text), allow_partial=True)
    except ValueError:
        return False
    return True


def _begun(text: str, allow_partial: Any) -> JsonValue:
    from pydantic_core import from_json

    try:
        value: JsonValue = from_json(_without_number(text), allow_partial=allow_partial)
    except ValueError:
        return None
    return value


def _without_number(text: str) -> str:
    return text.rstrip(_OF_NUMBERS)  # it may go on


def missing_in(root: Mapping[str, Any], value: Any) -> Iterator[tuple[int | str, ...]]:
    """Places that the answer has to have and has not: of what is open, outermost first."""
    steps: tuple[int | str, ...] = ()
    here = value
    while isinstance(here, Mapping | list):
        schema = part_of(root, value, steps)
        found = resolved(root, schema if schema is not None else {}, here)
        if isinstance(here, Mapping):
            yield from ((*steps, name) for name in found.get("required", ()) if name not in here)
        else:
            yield from ((*steps, number) for number in range(len(here), found.get("minItems", 0)))
        if not here:
            return
        last = list(here)[-1] if isinstance(here, Mapping) else len(here) - 1
        steps, here = (*steps, last), here[last]


class _NotThere(Exception):
    """A part is not there yet."""


class _Open:
    """An object or list that is not closed, with the valid parts of it that are."""

    __slots__ = ("_parts",)

    def __init__(self) -> None:
        self._parts: dict[int | str, object] = {}

    def take(self, parts: Iterable[ClosedPart]) -> None:
        for part in parts:
            self.put(part.names, part.value, is_valid=part.is_valid)

    def put(self, names: tuple[int | str, ...], value: object, *, is_valid: bool) -> None:
        here = self
        *outer, last = names
        for name in outer:
            inner = here._parts.get(name)
            if not isinstance(inner, _Open):
                inner = here._parts[name] = _Open()
            here = inner
        here._parts.pop(last, None)
        if is_valid:
            here._parts[last] = value

    def __getattr__(self, name: str) -> object:
        if name.startswith("__") or name == "_parts":  # which copying and pickling look for
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: object) -> object:
        if isinstance(name, int | str) and name in self._parts:
            return self._parts[name]
        raise _NotThere

    def __iter__(self) -> NoReturn:
        raise _NotThere

    def __len__(self) -> NoReturn:
        raise _NotThere

    def __contains__(self, _: object) -> NoReturn:
        raise _NotThere

    def __bool__(self) -> NoReturn:
        raise _NotThere
