"""Write outcomes to files: JSON lines, CSV, Parquet; or make a DataFrame of them.

Files are written beside their place, and put there when they are whole. Memory does not grow with the rows.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from pydantic_core import from_json, to_json

from .._registry import require
from ..exceptions import ConfigurationError, did_you_mean
from .items import Done, Failed, Outcome
from .rows import Row, flat, row_of

if TYPE_CHECKING:
    import pandas
    import pyarrow

_ROWS_AT_ONCE: Final = 5_000


def save(rows: Iterable[Outcome[Any] | Row], path: str | Path) -> int:
    """Write outcomes, or rows, to a file whose name ends in ``.jsonl``, ``.csv`` or ``.parquet``.

    JSON lines and Parquet keep nested values as they are. CSV gives fields of nested objects columns of their
    own, such as ``vendor.city``, and has lists as JSON. Parquet needs the extra ``tables``; a column whose
    values are of kinds that do not go together, as of a union, has them as JSON.

    Args:
        rows: outcomes, as `generate_many` gives them, or rows (see `qwen_structured.batch.rows`).
        path: of the file, which is replaced if it is there.

    Returns:
        The number of rows.

    Raises:
        ConfigurationError: the name ends otherwise, or the file cannot be written.
        BackendNotInstalled: Parquet is asked for, and pyarrow is missing.
    """
    target = Path(path)
    write = writer_for(target)
    part = target.with_name(f".{target.name}.part")
    try:
        with part.open("wb") as file:
            count = write(map(_row, rows), file)
        part.replace(target)
    except OSError as error:
        raise ConfigurationError(
            f"{str(target)!r} cannot be written ({error.strerror}): name another file, or see to its disk"
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return count


def to_dataframe(rows: Iterable[Outcome[Any] | Row]) -> pandas.DataFrame:
    """A DataFrame with a row for each outcome; nested values stay what they are.

    Raises:
        BackendNotInstalled: pandas is missing, which the extra ``tables`` brings.
    """
    require(("pandas",), "tables")
    import pandas

    return pandas.DataFrame([_row(one) for one in rows])


def writer_for(path: Path) -> Callable[[Iterator[Row], IO[bytes]], int]:
    """What writes a file of this name.

    Raises:
        ConfigurationError: its name does not end as that of a table.
        BackendNotInstalled: a package that it needs is missing.
    """
    suffix = path.suffix.lower()
    if suffix not in _WRITERS:
        raise ConfigurationError(
            f"{str(path)!r} ends in {suffix!r}, which is no known form of table: "
            f"{did_you_mean(suffix, _WRITERS)}"
        )
    if suffix == ".parquet":
        require(("pyarrow",), "tables")
    return _WRITERS[suffix]


def _row(one: Outcome[Any] | Row) -> Row:
    return row_of(one) if isinstance(one, Done | Failed) else one


# --- forms ---------------------------------------------------------------------------------------


def write_json_lines(rows: Iterator[Row], file: IO[bytes]) -> int:
    """Write rows as JSON, one a line."""
    count = 0
    for row in rows:
        file.write(to_json(row) + b"\n")
        count += 1
    return count


def _write_csv(rows: Iterator[Row], file: IO[bytes]) -> int:
    """Columns are known when all rows are, so that the rows wait in a temporary file."""
    with tempfile.TemporaryFile() as spool:
        columns: dict[str, None] = {}
        count = write_json_lines(_noting(map(flat, rows), columns), spool)
        text = _Encoded(file)
        table = csv.DictWriter(text, list(columns), restval="")
        table.writeheader()
        table.writerows({name: _cell(value) for name, value in row.items()} for row in _spooled(spool))
    return count


def _write_parquet(rows: Iterator[Row], file: IO[bytes]) -> int:
    import pyarrow
    import pyarrow.parquet

    with tempfile.TemporaryFile() as spool:
        columns = _Columns()
        count = write_json_lines(columns.noting(rows), spool)
        schema = columns.schema()
        with pyarrow.parquet.ParquetWriter(file, schema) as table:
            for lot in _lots(_spooled(spool)):
                fitting = [columns.fitting(row) for row in lot]
                table.write_table(pyarrow.Table.from_pylist(fitting, schema=schema))
    return count


_WRITERS: Final[dict[str, Callable[[Iterator[Row], IO[bytes]], int]]] = {
    ".jsonl": write_json_lines,
    ".ndjson": write_json_lines,
    ".csv": _write_csv,
    ".parquet": _write_parquet,
}


class _Encoded:
    """What the csv module writes texts to."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(text.encode("utf-8", "replace"))


def _cell(value: Any) -> Any:
    return to_json(value).decode() if isinstance(value, list | dict | bool) else value


def _noting(rows: Iterator[Row], columns: dict[str, None]) -> Iterator[Row]:
    for row in rows:
        columns |= dict.fromkeys(row)
        yield row


def _spooled(spool: IO[bytes]) -> Iterator[Row]:
    spool.seek(0)
    for line in spool:
        yield from_json(line)


def _lots(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while lot := list(islice(rows, _ROWS_AT_ONCE)):
        yield lot


class _Columns:
    """Finds out the types of columns, a lot of rows at a time."""

    def __init__(self) -> None:
        self._types: dict[str, pyarrow.DataType] = {}
        self._as_json: set[str] = set()

    def noting(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Give the rows on, and learn from them."""
        for lot in _lots(rows):
            for name in dict.fromkeys(name for row in lot for name in row):
                self._learn(name, [row.get(name) for row in lot])
            yield from lot

    def _learn(self, name: str, values: list[Any]) -> None:
        import pyarrow

        if name in self._as_json:
            return
        try:
            found = pyarrow.array(values).type
            fields = [pyarrow.schema([(name, kind)]) for kind in (self._types.get(name, found), found)]
            self._types[name] = pyarrow.unify_schemas(fields, promote_options="permissive").field(name).type
        except (
            pyarrow.ArrowInvalid,
            pyarrow.ArrowTypeError,
            pyarrow.ArrowNotImplementedError,
            OverflowError,
        ):
            self._as_json.add(name)
            self._types[name] = pyarrow.string()

    def schema(self) -> pyarrow.Schema:
        """The types of all columns; one with nothing in it is of texts, an object without fields is JSON."""
        import pyarrow

        for name, kind in self._types.items():
            if pyarrow.types.is_null(kind):
                self._types[name] = pyarrow.string()
            elif pyarrow.types.is_struct(kind) and kind.num_fields == 0:
                self._as_json.add(name)
                self._types[name] = pyarrow.string()
        return pyarrow.schema(list(self._types.items()))

    def fitting(self, row: Row) -> Row:
        """The row as its columns take it."""
        return {
            name: to_json(value).decode() if name in self._as_json and value is not None else value
            for name, value in row.items()
        }
