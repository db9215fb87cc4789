"""A firmware package as a file of a server."""

from typing import Annotated

import msgspec
from msgspec import Meta


class ServedPackage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A package of `size_bytes` that brings the revision `target`, from the revision `source`
    (the device's own, if left out).
    """

    target: Annotated[str, Meta(min_length=1, max_length=80)]
    source: Annotated[str, Meta(max_length=80)] = ""
    size_bytes: Annotated[int, Meta(ge=1, le=1 << 23)] = 200_000
