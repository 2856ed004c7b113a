"""The extended protocol: Parse is rewritten; what needs the session's help is carried out when it comes to Execute.

Such a statement is parsed by the embedded server under the client's name for it (so that parameters and errors are
right), but not bound: its Execute runs it on the session's own account, after all that came before it is answered.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from redshift_local import protocol
from redshift_local.refusal import Refusal
from redshift_local.serving.executor import Executor
from redshift_local.serving.relay import Relay
from redshift_local.statements.judging import judge
from redshift_local.statements.plan import Bound, Plan

BIND_COMPLETE, NO_DATA = protocol.pack(b"2"), protocol.pack(b"n")


@dataclass(frozen=True)
class Prepared:
    """A special statement that was parsed: its plan, and the parameters' types as the client gave them."""

    plan: Plan
    types: bytes


class Extended:
    """What a client prepared and bound that the embedded server cannot carry out alone."""

    def __init__(self, relay: Relay, executor: Executor) -> None:
        self._relay, self._executor = relay, executor
        self._prepared: dict[bytes, Prepared] = {}
        self._portals: dict[bytes, Bound] = {}
        self.skipping = False  # after an error everything up to the next Sync is passed over

    async def take(self, kind: bytes, body: bytes) -> None:
        """Answer a message, or hand it on. Raises Malformed."""
        if kind == b"S":
            self.skipping = False
        elif kind == b"P":
            body = await self._parse(body)
        elif kind == b"C":
            self._close(body)
        elif kind in {b"B", b"D", b"E"} and await self._answered(kind, body):
            return
        await self._relay.send(kind, body)

    async def _parse(self, body: bytes) -> bytes:
        name, text, types = protocol.strings_and_rest(body, 2)
        self._prepared.pop(name, None)
        try:
            plans: Sequence[Plan] = judge(text.decode(errors="surrogateescape"))
            if any(plan.stand_alone for plan in plans):
                await self._relay.settled()
                self._executor.check_stand_alone(plans)
            if any(plan.query for plan in plans) and await self._relay.settled():
                plans = await self._executor.examined(plans, _numbers(types))
            if len(plans) == 1 and plans[0].is_special:
                self._prepared[name] = Prepared(plans[0], types)
            rewritten = "; ".join(self._executor.text(plan) for plan in plans)
        except Refusal as refusal:
            rewritten = self._relay.marker(refusal)
        return name + b"\0" + rewritten.encode(errors="surrogateescape") + b"\0" + types

    def _close(self, body: bytes) -> None:
        closed = self._prepared if body[:1] == b"S" else self._portals
        closed.pop(body[1:-1], None)

    async def _answered(self, kind: bytes, body: bytes) -> bool:
        """Whether the message was for a special statement, and is dealt with."""
        if kind == b"B":
            portal, statement, values = protocol.strings_and_rest(body, 2)
            self._portals.pop(portal, None)
            if statement not in self._prepared:
                return False
            prepared = self._prepared[statement]
            self._portals[portal] = Bound(prepared.plan, prepared.types, values)
        elif kind == b"D":
            portal = body[1:-1]
        else:
            portal = body.split(b"\0", 1)[0]
        if portal not in self._portals or (body[:1] == b"S" and kind == b"D"):
            return False
        self.skipping = not await self._relay.settled() or not await self._answer(kind, self._portals[portal])
        return True

    async def _answer(self, kind: bytes, bound: Bound) -> bool:
        if kind == b"E":
            return await self._executor.run_bound(bound)
        self._relay.client.write(BIND_COMPLETE if kind == b"B" else NO_DATA)
        return True


def _numbers(types: bytes) -> tuple[int, ...]:
    """The parameters' types of a Parse message. Raises Malformed."""
    try:
        (count,) = struct.unpack_from("!H", types)
        return struct.unpack_from(f"!{count}I", types, 2)
    except struct.error as error:
        raise protocol.Malformed("invalid message format") from error
