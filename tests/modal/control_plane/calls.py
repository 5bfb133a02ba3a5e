"""RPCs of those who call functions: inputs in, outputs and streams out, cancellation."""

from __future__ import annotations

from functools import partial
from typing import Any

from grpclib import GRPCError, Status
from modal_proto import api_pb2 as api

from .rpc import EMPTY, Noted, streaming, unary
from .state import Call, Input, State

_RETURN_S = 50.0
"""Longest time that a poll is held."""


class Calls(Noted):
    """Calls and their inputs."""

    state: State

    @unary
    async def FunctionMap(self, request: Any) -> Any:  # noqa: N802
        function = self.state.functions[request.function_id]
        call = Call(self.state.new_id("fc"), function, request.function_call_invocation_type)
        self.state.calls[call.id] = call
        taken = [self._enqueue(call, item) for item in request.pipelined_inputs]
        await self.state.notify()
        return api.FunctionMapResponse(
            function_call_id=call.id,
            function_call_jwt=call.id,
            pipelined_inputs=taken,
            max_inputs_outstanding=1000,
        )

    @unary
    async def FunctionPutInputs(self, request: Any) -> Any:  # noqa: N802
        call = self._call(request.function_call_id)
        taken = [self._enqueue(call, item) for item in request.inputs]
        await self.state.notify()
        return api.FunctionPutInputsResponse(inputs=taken)

    def _enqueue(self, call: Call, item: api.FunctionPutInputsItem) -> api.FunctionPutInputsResponseItem:
        input_ = Input(self.state.new_id("in"), call, item)
        call.inputs.append(input_)
        self.state.queue.append(input_)
        return api.FunctionPutInputsResponseItem(idx=item.idx, input_id=input_.id, input_jwt=input_.id)

    @unary
    async def FunctionGetOutputs(self, request: Any) -> Any:  # noqa: N802
        call = self._call(request.function_call_id)
        wanted = request.input_jwts

        def outputs() -> list[api.FunctionGetOutputsItem]:
            mine = [one for one in call.inputs if not wanted or one.id in wanted]
            return [one.output for one in mine if one.output is not None and one.id not in self.state.given]

        await self.state.until(lambda: bool(outputs()), min(request.timeout, _RETURN_S))
        found = outputs()
        if request.clear_on_success:
            self.state.given.update(output.input_id for output in found)
        return api.FunctionGetOutputsResponse(
            outputs=found,
            idxs=[output.idx for output in found],
            last_entry_id="0-0",
            num_unfinished_inputs=call.unfinished,
        )

    @streaming
    async def FunctionCallGetDataOut(self, request: Any) -> Any:  # noqa: N802
        call = self._call(request.function_call_id)
        last = request.last_index
        while True:
            for chunk in call.chunks[last:]:
                last = chunk.index
                yield chunk
            if not call.unfinished and last == len(call.chunks):
                return
            await self.state.until(partial(_goes_on, call, last), _RETURN_S)

    @unary
    async def FunctionCallCancel(self, request: Any) -> Any:  # noqa: N802
        for input_ in self._call(request.function_call_id).inputs:
            self.cancel(input_)
        await self.state.notify()
        return EMPTY

    def cancel(self, input_: Input) -> None:
        """Take it out of the queue; the container that works on it is told by its heartbeat."""
        if input_ in self.state.queue:
            self.state.queue.remove(input_)
        terminated = api.GenericResult(
            status=api.GenericResult.GENERIC_STATUS_TERMINATED, exception="the call was cancelled"
        )
        self.state.finish(input_, terminated)

    def _call(self, call_id: str) -> Call:
        call = self.state.calls.get(call_id)
        if call is None:
            raise GRPCError(Status.NOT_FOUND, f"no call {call_id!r}")
        return call


def _goes_on(call: Call, seen: int) -> bool:
    return len(call.chunks) > seen or not call.unfinished
