"""What a socket has to say: the result of AT+QIOPEN or AT+QSSLOPEN, and what comes behind."""

from collections.abc import Callable

from quecsim.at.network import Client, Network, Trouble
from quecsim.at.results import Tcpip, tcpip_number
from quecsim.border import Incoming, Why
from quecsim.clients.socket_inbox import Source
from quecsim.clients.socket_state import Kind, SocketSettings
from quecsim.clients.url import is_address
from quecsim.profiles.schema import Errors, Sockets


class SocketVoice:
    """Says what becomes of socket `number` of a `kind`, and puts it on record as `client`'s."""

    def __init__(
        self, client: Client, kind: Kind, number: int, network: Network, errors: Errors
    ) -> None:
        self._client = client
        self._kind, self._number = kind, number
        self._network = network
        self._errors = errors

    def result(
        self,
        cause: Tcpip,
        link: int = 0,
        trouble: Trouble | None = None,
        *,
        is_said: bool = True,
    ) -> None:
        """How opening it has ended."""
        code = self.tell(self._kind.opens, cause, link, trouble)
        if is_said:
            self._network.say(f"{self._kind.opens}: {self._number},{code}")

    def closed(self, link: int, trouble: Trouble, *, is_said: bool) -> None:
        """Its connection is gone."""
        self.tell(self._kind.news, Tcpip.CLOSED, link, trouble)
        if is_said:
            self._say(f'"closed",{self._number}')

    def received(self, count: int | None) -> None:
        """There is something to fetch: `count` bytes, where that is to be told."""
        length = "" if count is None else f",{count}"
        self._say(f'"recv",{self._number}{length}')

    def ended(self) -> None:
        """It is closed, as the host wanted."""
        self._say(f'"closed",{self._number}')

    def pushed(
        self, data: bytes, source: Source | None, settings: SocketSettings, sent: Callable[[], None]
    ) -> None:
        """This has come."""
        where = "" if source is None else f',"{source[0]}",{source[1]}'
        head = f'"recv",{self._number},{len(data)}{where}{settings.header_end}'
        shown = shown_data(data, is_hex=settings.is_hex)
        self._say(head + shown.decode("latin-1"), sent)

    def incoming(self, taker: int, call: Incoming) -> None:
        """Socket `taker` has taken a call up."""
        self._say(f'"incoming",{taker},{self._number},"{call.address}",{call.port}')

    def waiting(self, call: Incoming) -> None:
        """A call waits for the host's word."""
        self._say(f'"incoming",{self._number},"{call.address}",{call.port}')

    def incoming_full(self) -> None:
        """A call could not be taken up."""
        self._say('"incoming full"')

    def _say(self, text: str, sent: Callable[[], None] | None = None) -> None:
        self._network.say(f"{self._kind.news}: {text}", sent)

    def tell(
        self, command: str, cause: Tcpip, link: int = 0, trouble: Trouble | None = None
    ) -> int:
        """Put on record how `command` has ended; returns the device's number for that."""
        code = tcpip_number(cause, self._errors)
        words = self._errors.words.get(str(code), "") if code else ""
        self._network.tell(self._client, command, code, link, trouble, words)
        return code


def cause_of(trouble: Trouble, host: str, profile: Sockets) -> Tcpip:
    """Which result of TCP/IP it is that a connection to `host` has not come about."""
    why = trouble.why
    if why is Why.NOT_ALLOWED and is_address(host):
        why = Why.REFUSED  # no name was looked up
    return Tcpip(profile.open_causes[why.value])


def shown_data(data: bytes, *, is_hex: bool) -> bytes:
    """As the host gets it: as it is, or as pairs of digits."""
    return data.hex().upper().encode("ascii") if is_hex else data
