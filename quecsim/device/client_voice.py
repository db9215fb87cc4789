"""What the clients of the network say to the host, and what the record holds of them."""

from collections.abc import Callable

from quecsim.at.network import Named, Trouble
from quecsim.border.news import Why
from quecsim.device.shared import Shared
from quecsim.device.urcs import UrcDesk
from quecsim.trace import event as ev


class ClientVoice:
    """The part of `quecsim.at.network.Network` that has nothing to do with links."""

    def __init__(self, shared: Shared, urcs: UrcDesk) -> None:
        self._shared = shared
        self._urcs = urcs

    @property
    def now_ns(self) -> int:
        """The time of what is happening."""
        return self._shared.now_ns

    def say(self, text: str, sent: Callable[[], None] | None = None) -> None:
        """An unsolicited result code."""
        if sent is None:
            self._urcs.schedule(self.now_ns, text)
        else:
            self._urcs.post(text, sent)

    def asked(
        self,
        client: Named,
        command: str,
        where: tuple[str, int] = ("", 0),
        *,
        is_accepted: bool = True,
    ) -> None:
        """Put on record that the host asks for a command."""
        self._shared.record.add(
            ev.ClientAsked(self.now_ns, client.name, command, is_accepted, *where)
        )

    def tell(
        self,
        client: Named,
        command: str,
        code: int,
        link: int = 0,
        trouble: Trouble | None = None,
        words: str = "",
    ) -> None:
        """Put the result of a command on record."""
        given = trouble or Trouble(Why.FIN)
        why = "" if trouble is None else str(given.why)
        result = ev.ClientResult(
            self.now_ns, client.name, command, code, link, why, given.detail, given.file, words
        )
        self._shared.record.add(result)

    def fetched(self, client: Named, count: int) -> None:
        """Put on record that the host has read."""
        self._shared.record.add(ev.ClientFetched(self.now_ns, client.name, count))

    def carried(self, client: Named, link: int, way: str, count: int, *, is_dropped: bool) -> None:
        """Put a message on record."""
        message = ev.ClientMessage(self.now_ns, client.name, link, way, count, is_dropped)
        self._shared.record.add(message)
