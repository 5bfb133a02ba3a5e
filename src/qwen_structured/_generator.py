"""One request's way: type to grammar, prompt to messages, backend, value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypedDict, overload

from typing_extensions import TypeForm, TypeVar, Unpack

from . import _portal, _prompt, _registry, settings
from ._attempts import Attempts
from ._budget import Budget
from ._circuit import Circuit
from ._conversation import Conversation
from ._observation import Observation
from ._prepared import Prepared, fidelity_of, prepare, refuse_without_price
from .batch.verbs import ManyVerbs
from .exceptions import ConfigurationError
from .observing import Observer
from .protocols import (
    Backend,
    Health,
    JSONSchema,
    Options,
    Prompt,
    Result,
)
from .schema import OutputSchema

if TYPE_CHECKING:
    from pydantic import JsonValue

    from .streams.production import Production
    from .streams.reading import AsyncStream, Stream

T = TypeVar("T")


class StructuredGenerator(ManyVerbs):
    """A backend with a policy: makes typed values of prompts, again and again.

    It is reusable, safe to share between threads and event loops, and a context manager of both colours;
    closing it closes its backend.

    Args:
        backend: name of a backend, or a `Backend` of your own; by default the setting's.
        model: the backend's model; by default the setting's, or else the backend's own.
        failover: backends that are asked, in this order, where the deployment of `backend` fails, each a
            name or a `Backend`; by default the setting's, if `backend` is the setting's too.
        budget: limits for all its calls together, beside those that each call has.
        observers: are told of its calls, beside those that are told of all (see `observe`).
        options: what its calls use unless they say otherwise; by default the settings'.

    Raises:
        ConfigurationError: backend, model or an option is not known, or a model is named for a backend that
            has its own; nothing is loaded yet.

    Example:
        >>> from qwen_structured import StructuredGenerator
        >>> with StructuredGenerator(temperature=0.0) as generator:
        ...     generator.generate(int, "How many eggs? We bought 12 eggs.")
        12
    """

    def __init__(
        self,
        *,
        backend: str | Backend | None = None,
        model: str | None = None,
        failover: Sequence[str | Backend] | None = None,
        budget: Budget | None = None,
        observers: Sequence[Observer] = (),
        **options: Unpack[Options],
    ) -> None:
        loaded = settings.load().settings
        chosen = settings.overridden(loaded, options, "the generator")
        if backend is None or isinstance(backend, str):
            choice = _registry.choose(loaded, backend, model)
            first = Circuit(choice.create(), choice.model)
            others = loaded.failover if backend in (None, loaded.backend) else ()
        else:
            first, others = Circuit.of_own(_own_backend(backend, model)), ()
        more = [_failover_backend(loaded, one) for one in (others if failover is None else failover)]
        self._set_up([first, *map(Circuit, more)], chosen, budget, observers)

    def _set_up(
        self,
        circuits: Sequence[Circuit],
        chosen: settings.Settings,
        budget: Budget | None = None,
        observers: Sequence[Observer] = (),
    ) -> None:
        self._settings = chosen
        self._circuits = tuple(circuits)
        self._backend = circuits[0].backend
        self._budget = budget
        self._observers = tuple(observers)

    @property
    def circuits(self) -> Sequence[Circuit]:
        """Its backends, the one to prefer first."""
        return self._circuits

    @property
    def backend(self) -> Backend:
        """The backend that completes its requests, unless its deployment fails."""
        return self._backend

    # --- verbs -------------------------------------------------------------------------------

    @overload
    async def agenerate_result(
        self, output_type: TypeForm[T], prompt: Prompt, /, **options: Unpack[Options]
    ) -> Result[T]: ...
    @overload
    async def agenerate_result(
        self, output_type: JSONSchema, prompt: Prompt, /, **options: Unpack[Options]
    ) -> Result[JsonValue]: ...
    async def agenerate_result(
        self, output_type: Any, prompt: Prompt, /, **options: Unpack[Options]
    ) -> Result[Any]:
        """Make a value and tell how it came about.

        Args:
            output_type: anything that Pydantic's ``TypeAdapter`` takes, or a JSON Schema as a mapping.
            prompt: a text, or messages of which the last is the user's.
            options: see `Options`.

        Returns:
            The value with its attempts, tokens, timings and fidelity.

        Raises:
            ConfigurationError: type, prompt or an option cannot be used; nothing was sent.
            BackendError: the deployment failed.
            GenerationError: the model gave no value in the attempts and time allowed.
        """
        start = perf_counter()
        return await self.result_of(self.prepared(output_type, options), prompt, start)

    def prepared(
        self, output_type: Any, options: Mapping[str, Any], *, over: settings.Settings | None = None
    ) -> Prepared:
        """Make ready what all calls with the same type and options share.

        Args:
            output_type: see `agenerate_result`.
            options: see `Options`.
            over: what they are put over, in place of the generator's own.

        Raises:
            ConfigurationError: the type or an option cannot be used.
        """
        chosen = settings.overridden(over or self._settings, options, "the call")
        return prepare(output_type, chosen, [circuit.backend for circuit in self._circuits])

    async def result_of(
        self, prepared: Prepared, prompt: Prompt, start: float, budgets: Sequence[Budget] = ()
    ) -> Result[Any]:
        """Make a value of a prompt, within its own limits and those of `budgets`.

        Raises:
            QwenStructuredError: as `agenerate_result` does.
        """
        attempts: Attempts[Any] = Attempts(**self._call(prepared, prompt, budgets))
        return _result(attempts, await attempts.run(), start)

    @overload
    async def agenerate(
        self, output_type: TypeForm[T], prompt: Prompt, /, **options: Unpack[Options]
    ) -> T: ...
    @overload
    async def agenerate(
        self, output_type: JSONSchema, prompt: Prompt, /, **options: Unpack[Options]
    ) -> JsonValue: ...
    async def agenerate(self, output_type: Any, prompt: Prompt, /, **options: Unpack[Options]) -> Any:
        """Make a value. Arguments and errors are those of `agenerate_result`."""
        return (await self.agenerate_result(output_type, prompt, **options)).value

    @overload
    def generate_result(
        self, output_type: TypeForm[T], prompt: Prompt, /, **options: Unpack[Options]
    ) -> Result[T]: ...
    @overload
    def generate_result(
        self, output_type: JSONSchema, prompt: Prompt, /, **options: Unpack[Options]
    ) -> Result[JsonValue]: ...
    def generate_result(self, output_type: Any, prompt: Prompt, /, **options: Unpack[Options]) -> Result[Any]:
        """Make a value and tell how it came about; the sync twin of `agenerate_result`."""
        result: Result[Any] = _portal.call(partial(self.agenerate_result, output_type, prompt, **options))
        return result

    @overload
    def generate(self, output_type: TypeForm[T], prompt: Prompt, /, **options: Unpack[Options]) -> T: ...
    @overload
    def generate(
        self, output_type: JSONSchema, prompt: Prompt, /, **options: Unpack[Options]
    ) -> JsonValue: ...
    def generate(self, output_type: Any, prompt: Prompt, /, **options: Unpack[Options]) -> Any:
        """Make a value; the sync twin of `agenerate`."""
        return self.generate_result(output_type, prompt, **options).value

    @overload
    def astream(
        self, output_type: TypeForm[T], prompt: Prompt, /, **options: Unpack[Options]
    ) -> AsyncStream[T]: ...
    @overload
    def astream(
        self, output_type: JSONSchema, prompt: Prompt, /, **options: Unpack[Options]
    ) -> AsyncStream[JsonValue]: ...
    def astream(self, output_type: Any, prompt: Prompt, /, **options: Unpack[Options]) -> AsyncStream[Any]:
        """Make a value, and give its parts while it is written; the async twin of `stream`."""
        from .streams.reading import AsyncStream

        return AsyncStream(*self._streaming(output_type, prompt, options))

    @overload
    def stream(
        self, output_type: TypeForm[T], prompt: Prompt, /, **options: Unpack[Options]
    ) -> Stream[T]: ...
    @overload
    def stream(
        self, output_type: JSONSchema, prompt: Prompt, /, **options: Unpack[Options]
    ) -> Stream[JsonValue]: ...
    def stream(self, output_type: Any, prompt: Prompt, /, **options: Unpack[Options]) -> Stream[Any]:
        """Make a value, and give its parts while it is written; see the verb `stream`."""
        from .streams.reading import Stream

        return Stream(*self._streaming(output_type, prompt, options))

    async def awarm_up(self, *output_types: object) -> None:
        """Load the model now, and compile the grammars of `output_types`.

        Raises:
            ConfigurationError: a type cannot be used, or the model cannot be loaded.
            BackendError: the deployment failed.
        """
        defaults = self._settings.defaults
        await self._backend.warm_up([OutputSchema.of(one, defaults=defaults).grammar for one in output_types])

    def warm_up(self, *output_types: object) -> None:
        """Load the model now, and compile grammars; the sync twin of `awarm_up`."""
        _portal.call(partial(self.awarm_up, *output_types))

    async def ahealth(self) -> Health:
        """Tell the state of the backend's deployment; loads nothing."""
        return await self._backend.health()

    def health(self) -> Health:
        """Tell the state of the backend's deployment; the sync twin of `ahealth`."""
        return _portal.call(self.ahealth)

    # --- one call ----------------------------------------------------------------------------

    def _observation(self, output_type: object) -> Observation:
        return Observation(output_type, self._observers, content=self._settings.record_content)

    def _call(
        self, prepared: Prepared, prompt: Prompt, budgets: Sequence[Budget] = (), *, repairs: bool = True
    ) -> _Call:
        """What the attempts of a call begin with."""
        chosen, schema = prepared.settings, prepared.schema
        messages = _prompt.compose_for(schema, prompt, chosen.schema_in_prompt)
        request = prepared.request(messages)
        return {
            "circuits": self._circuits,
            "settings": chosen,
            "budgets": self._budgets(chosen, budgets),
            "schema": schema,
            "conversation": Conversation(request, schema, chosen.schema_in_prompt, repairs and chosen.repair),
            "observation": self._observation(prepared.output_type),
        }

    def _streaming(
        self, output_type: Any, prompt: Prompt, options: Options
    ) -> tuple[OutputSchema[Any], Production[Any]]:
        from .streams.attempts import StreamAttempts
        from .streams.production import Production

        start = perf_counter()
        call = self._call(self.prepared(output_type, options), prompt, repairs=False)
        return call["schema"], Production(
            lambda give: StreamAttempts(**call, give=give),
            lambda attempts, value: _result(attempts, value, start),
        )

    def _budgets(self, chosen: settings.Settings, more: Sequence[Budget]) -> tuple[Budget, ...]:
        budgets = (*_own_budget(chosen), *more)
        if self._budget is not None:
            budgets = (*budgets, self._budget)
        if any(budget.max_cost_usd is not None for budget in budgets):
            self.refuse_what_has_no_price(chosen)
        return budgets

    def refuse_what_has_no_price(self, chosen: settings.Settings) -> None:
        """Check that money can be limited.

        Raises:
            UnsupportedOption: the price of a backend is not known.
        """
        for circuit in self._circuits:
            refuse_without_price(chosen, circuit.backend.name)

    # --- life --------------------------------------------------------------------------------

    async def aclose(self) -> None:
        """Close its backends. Further calls fail with `BackendClosed`."""
        for circuit in self._circuits:
            await circuit.backend.aclose()

    def close(self) -> None:
        """Close its backends; the sync twin of `aclose`."""
        _portal.call(self.aclose)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class SharingGenerator(StructuredGenerator):
    """A generator on backends that it shares with others, by the settings of now."""

    def __init__(self, circuits: Sequence[Circuit]) -> None:
        self._set_up(circuits, settings.load().settings)


class _Call(TypedDict):
    """What the attempts of a call begin with; see `Attempts`."""

    circuits: Sequence[Circuit]
    settings: settings.Settings
    budgets: Sequence[Budget]
    schema: OutputSchema[Any]
    conversation: Conversation
    observation: Observation


def _result(attempts: Attempts[T], value: T, start: float) -> Result[T]:
    last = attempts.made[-1]
    return Result(
        value=value,
        attempts=tuple(attempts.made),
        fidelity=fidelity_of(attempts.schema, attempts.asked.backend, last.completion),
        backend=last.backend,
        duration_s=perf_counter() - start,
    )


def _own_budget(chosen: settings.Settings) -> tuple[Budget, ...]:
    """The limits of one call, if it has any."""
    limits = (chosen.deadline_s, chosen.max_total_tokens, chosen.max_cost_usd)
    if limits == (None, None, None):
        return ()
    deadline_s, max_total_tokens, max_cost_usd = limits
    return (Budget(deadline_s=deadline_s, max_total_tokens=max_total_tokens, max_cost_usd=max_cost_usd),)


def _failover_backend(loaded: settings.Settings, backend: str | Backend) -> Backend:
    if isinstance(backend, str):
        return _registry.choose(loaded, backend, None).create()
    return _own_backend(backend, None)


def _own_backend(backend: Backend, model: str | None) -> Backend:
    if not isinstance(backend, Backend) or isinstance(backend, type):
        raise ConfigurationError(
            f"the backend is {backend!r}: pass the name of one, or an object that is a Backend"
        )
    if model is not None:
        raise ConfigurationError(
            f"the model {model!r} is named beside the backend {backend!r}: name it when you make the backend"
        )
    return backend
