"""What an echo is like."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class EchoSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What comes goes back: over connections as bytes, of datagrams each by itself.

    It is there for `protocol`. Where more than `unsent_bytes` of it are not taken, it ends the
    connection with a reset, and datagrams beyond that are lost. A connection beyond `connections`
    is reset at once. Of connections it takes `takes_bytes_per_s`, if that is set.
    """

    protocol: Literal["any", "tcp", "udp"] = "any"
    connections: Annotated[int, Meta(ge=1, le=10_000)] = 64
    unsent_bytes: Annotated[int, Meta(ge=1, le=1 << 24)] = 1 << 18
    takes_bytes_per_s: Annotated[int, Meta(ge=0, le=1_000_000_000)] | None = None
