"""What is used of Ray Data 2.60."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

class Schema:
    @property
    def names(self) -> list[str]: ...

class ActorPoolStrategy:
    def __init__(
        self,
        *,
        min_size: int | None = None,
        max_size: int | None = None,
        max_concurrent_calls_per_actor: int | None = None,
        enable_true_multi_threading: bool | None = None,
    ) -> None: ...

class Dataset:
    def map_batches(
        self,
        fn: Callable[..., Any],
        *,
        batch_size: int | None = None,
        compute: ActorPoolStrategy | None = None,
        batch_format: str | None = "default",
        fn_constructor_args: Sequence[Any] | None = None,
        num_cpus: float | None = None,
        num_gpus: float | None = None,
        accelerator_type: str | None = None,
        udf_modifying_row_count: bool = True,
        **ray_remote_args: Any,
    ) -> Dataset: ...
    def schema(self, fetch_if_missing: bool = True) -> Schema | None: ...
    def take_all(self) -> list[dict[str, Any]]: ...
    def iter_rows(self) -> Iterator[dict[str, Any]]: ...
    def write_parquet(self, path: str) -> None: ...

def from_items(items: list[Any], *, override_num_blocks: int | None = None) -> Dataset: ...
def read_parquet(paths: str | list[str]) -> Dataset: ...
