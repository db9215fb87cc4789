"""What somebody is like who calls the device."""

from typing import Annotated, Literal

from msgspec import Meta

from quecsim.peers.simple import SimpleSettings


class CallerSettings(SimpleSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody at `address`, who calls the device's own `port` (0: any at which it listens)
    `after_ms` from when it began to listen there, and `times` in all, `every_ms` apart; anew, each
    time that it begins to listen.

    With `protocol` udp a call is one who sends datagrams. What a call says is that of a server
    (`quecsim.peers.simple.SimpleSettings`): one that says nothing, echoes, or does its `steps`.
    """

    port: Annotated[int, Meta(ge=0, le=65_535)] = 0
    protocol: Literal["tcp", "udp"] = "tcp"
    address: str = "198.51.100.7"
    after_ms: Annotated[int, Meta(ge=0, le=86_400_000)] = 0
    times: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    every_ms: Annotated[int, Meta(ge=1, le=86_400_000)] | None = None

    def __post_init__(self) -> None:
        SimpleSettings.__post_init__(self)
        if self.times > 1 and self.every_ms is None:
            raise ValueError("who calls more than once needs every_ms")
        if self.protocol == "udp" and any(step.ends for step in self.steps):
            raise ValueError("datagrams have no connection that a step could end: leave ends out")
