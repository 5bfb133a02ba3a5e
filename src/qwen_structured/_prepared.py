"""What calls with the same type and options share: made ready once, and checked before anything is sent."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from ._prices import pricing_of
from ._truncation import CHARACTERS_PER_TOKEN
from .exceptions import TokenBudgetTooSmall, UnsupportedOption, UnsupportedSchema
from .protocols import Backend, Completion, Message, Request, Usage
from .schema import Fidelity, Finding, OutputSchema

if TYPE_CHECKING:
    from .settings import Settings


@dataclass(frozen=True, slots=True)
class Prepared:
    """What calls with the same type and options share.

    Attributes:
        output_type: as the caller gave it.
        settings: the options over those of the generator.
        schema: of the type.
    """

    output_type: Any
    settings: Settings
    schema: OutputSchema[Any]

    def request(self, messages: tuple[Message, ...]) -> Request:
        """The first request of a call."""
        chosen, schema = self.settings, self.schema
        return Request(
            messages=messages,
            grammar=schema.grammar,
            schema=None if chosen.refuse_checked else schema.json_schema,
            temperature=chosen.temperature,
            top_p=chosen.top_p,
            max_output_tokens=chosen.max_output_tokens,
            seed=chosen.seed,
            enable_thinking=chosen.enable_thinking,
            logprobs=chosen.logprobs,
        )


def prepare(output_type: Any, chosen: Settings, backends: Sequence[Backend]) -> Prepared:
    """Make a type ready, and check that the backends can do what is asked.

    Raises:
        ConfigurationError: the type or an option cannot be used.
    """
    schema = OutputSchema.of(output_type, defaults=chosen.defaults)
    for backend in backends:
        if chosen.refuse_checked:
            _refuse_checked(schema, backend)
        _refuse_what_it_cannot(chosen, backend)
    _warn_of_a_small_budget(schema, chosen)
    return Prepared(output_type, chosen, schema)


def fidelity_of(
    schema: OutputSchema[Any], backend: Backend, completion: Completion | None = None
) -> tuple[Finding, ...]:
    """What is enforced: what the backend can, and what it did of it for `completion`."""
    if backend.capabilities.grammar and (completion is None or completion.enforced):
        return schema.findings
    why = f"backend {backend.name!r} does not constrain the decoder"
    return tuple(Finding(f.path, f.constraint, Fidelity.CHECKED, why) for f in schema.findings)


def refuse_without_price(chosen: Settings, name: str) -> None:
    """Check that money can be limited on a backend.

    Raises:
        UnsupportedOption: its price is not known.
    """
    if pricing_of(chosen, name)(Usage(), 0.0) is None:
        raise UnsupportedOption(
            f"max_cost_usd is set, and the price of backend {name!r} is not known: set prices.{name}, or "
            "limit max_total_tokens in its place"
        )


def _refuse_what_it_cannot(chosen: Settings, backend: Backend) -> None:
    can = backend.capabilities
    for option, asked, able in (
        ("seed", chosen.seed is not None, can.seed),
        ("enable_thinking", chosen.enable_thinking, can.thinking),
        ("logprobs", chosen.logprobs, can.logprobs),
        ("max_continuations", chosen.max_continuations > 0, can.prefix and not chosen.logprobs),
    ):
        if asked and not able:
            raise UnsupportedOption(
                f"backend {backend.name!r} has no {option}: leave the option out, or choose another backend"
            )


def _warn_of_a_small_budget(schema: OutputSchema[Any], chosen: Settings) -> None:
    """Warn where the shortest answer has more tokens than it may have."""
    for option, limit in (
        ("max_output_tokens", chosen.max_output_tokens),
        ("max_total_tokens", chosen.max_total_tokens),
    ):
        shortest = schema.shortest_characters / CHARACTERS_PER_TOKEN if limit is not None else 0
        if limit is not None and shortest > limit:
            warnings.warn(
                f"{option}={limit} is too small: the shortest answer of the type has "
                f"{schema.shortest_characters} characters, about {ceil(shortest)} tokens or more: raise it",
                TokenBudgetTooSmall,
                stacklevel=2,
            )


def _refuse_checked(schema: OutputSchema[Any], backend: Backend) -> None:
    checked = [f for f in fidelity_of(schema, backend) if f.fidelity is Fidelity.CHECKED]
    if checked:
        places = "; ".join(f"{f.path or 'the value'}: {f.constraint} ({f.why})" for f in checked[:5])
        more = f" and {len(checked) - 5} more" if len(checked) > 5 else ""
        raise UnsupportedSchema(
            f"refuse_checked is set, and these are only checked after decoding: {places}{more}: change "
            "the type there, or leave refuse_checked out"
        )
