"""An HTTP request as the host wants it, complete by value."""

from dataclasses import dataclass

from quecsim.clients.url import Url


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A request by AT+`command`; its result code is called `said`.

    `headers` are `Name: value`; with `is_own` the host writes the head itself. `context` is the
    packet context, `tls` the TLS context for https. The response may take `response_s`, and is
    given out with its head (`has_head`), without being asked for (`is_auto`). With `tells_end` the
    host hears of the end of the session. `around` goes before and behind the host's body.
    """

    command: str
    said: str
    method: str
    url: Url
    headers: tuple[str, ...]
    response_s: int
    context: int
    tls: int
    is_own: bool = False
    has_head: bool = False
    is_auto: bool = False
    tells_end: bool = False
    around: tuple[bytes, bytes] = (b"", b"")
