"""Plan a model: memory, GPUs, speed and cost, before anything is loaded or paid for.

Everything here is pure: no file, network or GPU is touched.
"""

from .flags import serve_environment as serve_environment, serve_flags as serve_flags
from .gpus import GPU as GPU, GPUS as GPUS
from .placement import Load as Load, Placement as Placement
from .plan import Plan as Plan, plan as plan

__all__ = ["GPU", "GPUS", "Load", "Placement", "Plan", "plan", "serve_environment", "serve_flags"]
