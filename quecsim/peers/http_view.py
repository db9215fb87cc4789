"""What an HTTP server was asked, for looking only."""

import msgspec

MOST_BODY_BYTES = 4096


class WebRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request that was answered at `at_ns`, with `status`, on that `connection`.

    One that could not be read has no `method` and no `target`. Names of `headers` are in lower
    case. `body` is the begin of what came with it (4096 bytes at most), `body_bytes` how much that
    was.
    """

    at_ns: int
    status: int
    connection: int
    method: str = ""
    target: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    body_bytes: int = 0
