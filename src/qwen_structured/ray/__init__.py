"""Ray Data: the rows of a dataset, each with a value of a type, on as many machines as a cluster has.

`map_type` is to datasets what `qwen_structured.generate_many` is to the prompts of one process. It needs the
extra ``ray``.
"""

from .mapping import MapOptions as MapOptions, map_type as map_type

__all__ = ["MapOptions", "map_type"]
