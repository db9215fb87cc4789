"""What a time server is like."""

from typing import Annotated

import msgspec
from msgspec import Meta


class NtpSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time server. What is left out makes one that knows the network's time.

    Its time is `offset_ms` ahead of that (negative: behind). `stratum` 0 is one that is not in step
    with anybody. `kiss` is a code of four letters with which it sends clients away (RATE, DENY,
    RSTR), each or the first `kiss_first`. Answers come `delay_ms` late, and the first
    `silent_first` requests get none, with `silent` no request does. With `garbage_bytes` the answer
    is so many bytes that the seed draws.
    """

    stratum: Annotated[int, Meta(ge=0, le=16)] = 1
    offset_ms: Annotated[int, Meta(ge=-(1 << 45), le=1 << 45)] = 0
    kiss: Annotated[
        str,
        Meta(pattern=r"^([A-Z]{4})?\Z", description="a code of four letters, for instance RATE"),
    ] = ""
    kiss_first: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    delay_ms: Annotated[int, Meta(ge=0, le=600_000)] = 0
    silent: bool = False
    silent_first: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    garbage_bytes: Annotated[int, Meta(ge=0, le=1472)] = 0
    seed: Annotated[int, Meta(ge=0, le=(1 << 63) - 1)] = 0

    def __post_init__(self) -> None:
        if self.kiss_first is not None and not self.kiss:
            raise ValueError("kiss_first needs a code: kiss")
        if self.kiss and self.garbage_bytes:
            raise ValueError("a time server answers with kiss or garbage_bytes, not both")
