"""`map_type`: the rows of a Ray dataset, each with a value of a type, by a pool of actors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from typing_extensions import TypeForm, Unpack

from .. import settings
from .._api import CallOptions
from .._registry import choices, require
from .._type_reference import from_reference
from ..batch.start import MAX_CONCURRENCY
from ..exceptions import ConfigurationError, did_you_mean
from ..protocols import JSONSchema, Options
from ..schema import OutputSchema
from .job import Job
from .resources import Resources, needs

if TYPE_CHECKING:
    from ray.data import Dataset

_BATCH_SIZE = 256
_BATCHES_AT_ONCE = 2  # so that no row waits for the last of the batch before


class MapOptions(CallOptions, total=False):
    """`CallOptions`, which count for each row, and what counts for the job.

    Attributes:
        journal: a folder that all machines reach, where each actor keeps its answers, and from which a later
            job goes on; it is made if it is not there.
        accept_schema_change: go on with journals whose answers are of an earlier form of the type.
        actors: how many, or the least and the most. By default as many as the cluster has room for, or, if
            they need nothing of it, as with the backends ``server`` and ``modal``, one for each machine.
        batch_size: rows that an actor is given at once; by default 256.
        max_concurrency: rows of an actor in flight at most; by default 256. It finds out how many the
            deployment bears, up to this and to the backend's own limit.
        gpu: kind of the GPUs, such as ``H100``; by default the one that the cluster has.
        num_gpus: GPUs of an actor, in place of those that the model is planned to need.
        num_cpus: CPUs of an actor, in place of the backend's.
        ray_remote_args: further arguments of Ray's ``map_batches`` for the actors, such as ``memory``,
            ``runtime_env`` or ``max_restarts``.
    """

    journal: str | Path | None
    accept_schema_change: bool
    actors: int | tuple[int, int] | None
    batch_size: int
    max_concurrency: int
    gpu: str | None
    num_gpus: float | None
    num_cpus: float | None
    ray_remote_args: Mapping[str, Any]


_OWN = [name for name in MapOptions.__annotations__ if name not in Options.__annotations__]


@overload
def map_type(
    dataset: Dataset,
    output_type: TypeForm[Any],
    /,
    *,
    prompt_column: str,
    **options: Unpack[MapOptions],
) -> Dataset: ...
@overload
def map_type(
    dataset: Dataset,
    output_type: JSONSchema | str,
    /,
    *,
    prompt_column: str,
    **options: Unpack[MapOptions],
) -> Dataset: ...
def map_type(
    dataset: Dataset,
    output_type: Any,
    /,
    *,
    prompt_column: str,
    **options: Unpack[MapOptions],
) -> Dataset:
    """Make a value of a type from each row of a Ray dataset.

    It is as lazy as Ray's datasets are: nothing is asked before the rows are read or written. The rows of the
    outcome are those of `dataset`, each with columns for the fields of its value (or ``value``, if it has
    none), and ``error``, ``attempts``, ``prompt_tokens``, ``output_tokens`` and ``cost_usd``. No error of one
    row ends the job: its row has the error, and what was spent on it.

    Backend, model and all else that is left out come from the settings of the program that calls this, not
    from those of the machines that the actors run on.

    Args:
        dataset: of Ray Data.
        output_type: as of `generate`, or its reference ``module:Type``. A type of a module has to be there
            for the actors to import; one of the main script, or of a function, is sent to them, which
            dataclasses cannot be.
        prompt_column: the column that has the prompts: texts, or lists of messages.
        options: see `MapOptions`, `CallOptions` and `Options`.

    Raises:
        ConfigurationError: the type, the column or an option cannot be used; nothing was sent.
        DoesNotFit: no machine with GPUs of that kind holds the model.
        BackendNotInstalled: Ray Data is missing, which the extra ``ray`` brings.
    """
    require(("ray", "pyarrow", "pandas"), "ray")
    import ray
    from ray.data import ActorPoolStrategy

    from .answerer import RowAnswerer

    rest: dict[str, Any] = dict(options)
    own: dict[str, Any] = {name: rest.pop(name) for name in _OWN if name in rest}
    loaded = settings.load().settings
    chosen = settings.overridden(loaded, rest, "the call of map_type")
    _check_type(output_type, chosen)
    _check_column(dataset, prompt_column)
    found = choices(loaded, own.get("backend"), own.get("model"))
    needed = needs(found, own, ray.cluster_resources())
    job = Job(
        output_type=output_type,
        prompt_column=prompt_column,
        choices=needed.choices,
        settings=chosen,
        max_concurrency=_whole("max_concurrency", own.get("max_concurrency", MAX_CONCURRENCY)),
        journal=_folder(own.get("journal")),
        accept_schema_change=bool(own.get("accept_schema_change")),
    )
    least, most = _actors(own.get("actors"), needed.resources, ray.nodes())
    return dataset.map_batches(
        RowAnswerer,
        fn_constructor_args=(job,),
        batch_format="pyarrow",
        batch_size=_whole("batch_size", own.get("batch_size", _BATCH_SIZE)),
        compute=ActorPoolStrategy(
            min_size=least,
            max_size=most,
            max_concurrent_calls_per_actor=_BATCHES_AT_ONCE,
            enable_true_multi_threading=True,
        ),
        num_cpus=needed.resources.cpus,
        num_gpus=needed.resources.gpus,
        accelerator_type=needed.resources.accelerator_type,
        udf_modifying_row_count=False,
        **own.get("ray_remote_args", {}),
    )


def _check_type(output_type: Any, chosen: settings.Settings) -> None:
    if isinstance(output_type, str):
        output_type = from_reference(output_type, "the output type")
    OutputSchema.of(output_type, defaults=chosen.defaults)


def _check_column(dataset: Dataset, name: str) -> None:
    """Refuse a column that is not there, if the columns are known yet; else the actors do."""
    schema = dataset.schema(fetch_if_missing=False)
    if schema is not None and name not in schema.names:
        raise ConfigurationError(
            f"the dataset has no column {name!r} for the prompts: {did_you_mean(name, schema.names)}"
        )


def _folder(journal: str | Path | None) -> Path | None:
    if journal is None:
        return None
    folder = Path(journal).expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"the journal {str(folder)!r} is to be a folder, and cannot be made ({error.strerror}): name a "
            "folder that all machines reach"
        ) from error
    return folder


def _whole(name: str, value: object) -> int:
    if not isinstance(value, int) or value < 1:
        raise ConfigurationError(f"{name} is {value!r}: pass a whole number from 1 on")
    return value


def _actors(
    asked: Any, resources: Resources, machines: Sequence[Mapping[str, Any]]
) -> tuple[int, int | None]:
    """The least and the most actors; None for as many as there is room for."""
    if asked is None:
        alive = sum(bool(machine["Alive"]) for machine in machines)
        return (max(1, alive), max(1, alive)) if resources.are_none else (1, None)
    least, most = (asked, asked) if isinstance(asked, int) else asked
    if not 1 <= least <= most:
        raise ConfigurationError(f"actors is {asked!r}: pass a number from 1 on, or the least and the most")
    return least, most
