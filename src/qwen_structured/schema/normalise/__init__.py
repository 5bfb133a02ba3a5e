"""Schemas to shapes: what each node of a schema admits."""

from .normaliser import Normaliser

__all__ = ["Normaliser"]
