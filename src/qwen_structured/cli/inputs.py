"""Read the prompts of `map`: rows of tables, lines, or whole files, one at a time."""

from __future__ import annotations

import csv
import glob
import io
import json
import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any, Final, Literal, TypeAlias

from .._registry import require
from ..batch.items import Item
from ..exceptions import ConfigurationError, did_you_mean

Form: TypeAlias = Literal["jsonl", "csv", "parquet", "lines", "text"]

_FORMS: Final[dict[str, Form]] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
}
_COLUMNS: Final = ("prompt", "text")
_STDIN: Final = "-"

Row: TypeAlias = Mapping[str, Any]


def items(inputs: Sequence[str], form: Form | None, column: str | None) -> Iterator[Item[Any]]:
    """The items of the inputs, in order; each has its row as data.

    Args:
        inputs: files, patterns such as ``mails/*.txt``, or ``-`` for standard input.
        form: what they hold; by default as their names say: tables, or else whole texts. Standard input is
            read as lines.
        column: which has the prompt; by default the only one, or the first of ``prompt`` and ``text``.

    Raises:
        ConfigurationError: a file is missing, cannot be read, or has no such column.
    """
    for name in files(inputs):
        with closing(_rows(name, form or _form_of(name))) as rows:
            for row in rows:
                yield _item(name, row, column)


def files(inputs: Sequence[str]) -> list[str]:
    """The names that the inputs mean, patterns resolved in alphabetical order.

    Raises:
        ConfigurationError: one means no file.
    """
    names: list[str] = []
    for one in inputs:
        found = [one] if one == _STDIN or Path(one).is_file() else sorted(glob.glob(one, recursive=True))  # noqa: PTH207 - also of absolute paths
        names += (name for name in found if name == _STDIN or Path(name).is_file())
        if not found:
            raise ConfigurationError(f"--input {one!r} means no file: correct the name or the pattern")
    return names


def _form_of(name: str) -> Form:
    return "lines" if name == _STDIN else _FORMS.get(Path(name).suffix.lower(), "text")


def _item(name: str, row: Row, column: str | None) -> Item[Any]:
    chosen = column or _only_column(name, row)
    if chosen not in row:
        raise ConfigurationError(f"{name!r} has no column {chosen!r}: {did_you_mean(chosen, map(str, row))}")
    if name != _STDIN and set(row) == {"file", _TEXT}:
        return Item(row[chosen], data={"file": row["file"]})
    return Item(row[chosen], data=row)


def _only_column(name: str, row: Row) -> str:
    if len(row) == 1:
        return next(iter(row))
    for column in _COLUMNS:
        if column in row:
            return column
    raise ConfigurationError(
        f"{name!r} has the columns {', '.join(map(repr, row))}: say by --column which has the prompt"
    )


# --- forms ---------------------------------------------------------------------------------------

_TEXT: Final = "text"


def _rows(name: str, form: Form) -> Generator[Row]:
    try:
        with _opened(name) as file:
            yield from _READERS[form](name, file)
    except OSError as error:
        raise ConfigurationError(f"{name!r} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{name!r} is not UTF-8 text: {error}; convert it first") from error


def _opened(name: str) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(sys.stdin.buffer) if name == _STDIN else Path(name).open("rb")


@contextmanager
def _text_of(file: IO[bytes], newline: str | None = None) -> Generator[io.TextIOWrapper]:
    text = io.TextIOWrapper(file, "utf-8-sig", newline=newline)
    try:
        yield text
    finally:
        text.detach()  # or it would close standard input


def _json_lines(name: str, file: IO[bytes]) -> Iterator[Row]:
    with _text_of(file) as text:
        for number, line in enumerate(text, start=1):
            if not line.strip():
                continue
            try:
                found = json.loads(line)
            except ValueError as error:
                raise ConfigurationError(
                    f"{name!r}, line {number} is not JSON: {error}: correct it"
                ) from error
            yield found if isinstance(found, dict) else {_TEXT: found}


def _csv(_name: str, file: IO[bytes]) -> Iterator[Row]:
    with _text_of(file, newline="") as text:
        yield from csv.DictReader(text)


def _parquet(name: str, file: IO[bytes]) -> Iterator[Row]:
    require(("pyarrow",), "tables")
    import pyarrow
    import pyarrow.parquet

    source = io.BytesIO(file.read()) if name == _STDIN else file
    try:
        for lot in pyarrow.parquet.ParquetFile(source).iter_batches():
            yield from lot.to_pylist()
    except pyarrow.ArrowException as error:
        raise ConfigurationError(f"{name!r} is no Parquet file: {error}") from error


def _lines(_name: str, file: IO[bytes]) -> Iterator[Row]:
    with _text_of(file) as text:
        for line in text:
            if line.strip():
                yield {_TEXT: line.rstrip("\r\n")}


def _whole(name: str, file: IO[bytes]) -> Iterator[Row]:
    with _text_of(file) as text:
        yield {"file": name, _TEXT: text.read()}


_READERS: Final[dict[Form, Callable[[str, IO[bytes]], Iterator[Row]]]] = {
    "jsonl": _json_lines,
    "csv": _csv,
    "parquet": _parquet,
    "lines": _lines,
    "text": _whole,
}
