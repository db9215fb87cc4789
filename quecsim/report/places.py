"""Where the command line read bytes that were no command, and how many they were."""

from collections.abc import Callable
from typing import Any

from quecsim.report.losses import MOST_LISTED
from quecsim.report.model import EatenPlace
from quecsim.trace import event as ev
from quecsim.trace.eaten import EatenWhy, is_mistake
from quecsim.trace.kinds import PROTOCOL_DOWNLOAD


class BytePlaces:
    """`count` bytes were read by mistake, and `protocol_bytes` by protocol download; of
    `never_sent_bytes` the device knows nothing: the host threw them away.
    """

    def __init__(self) -> None:
        self.count = 0
        self.protocol_bytes = 0
        self.never_sent_bytes = 0
        self._is_protocol = False
        self._places: list[EatenPlace] = []
        self.handlers: dict[type, Callable[[Any], None]] = {
            ev.DataBegin: self._on_data_begin,
            ev.DataEnd: self._on_data_end,
            ev.Eaten: self._on_eaten,
        }

    def listed(self) -> list[EatenPlace]:
        """The first of the places."""
        return list(self._places)

    def add(self, at_ns: int, offset: int, count: int, why: str) -> None:
        """So many bytes from `offset` on; they become part of the place before that they touch."""
        self.count += count
        last = self._places[-1] if self._places else None
        if last and (last.offset + last.count, last.why) == (offset, why):
            self._places[-1] = EatenPlace(last.at_ns, last.offset, last.count + count, why)
        elif len(self._places) < MOST_LISTED:
            self._places.append(EatenPlace(at_ns, offset, count, why))

    def _on_data_begin(self, event: ev.DataBegin) -> None:
        self._is_protocol = event.command == PROTOCOL_DOWNLOAD

    def _on_data_end(self, _event: ev.DataEnd) -> None:
        self._is_protocol = False

    def _on_eaten(self, event: ev.Eaten) -> None:
        if self._is_protocol:
            self.protocol_bytes += event.count
        elif event.why == EatenWhy.NEVER_SENT:
            self.never_sent_bytes += event.count
        elif is_mistake(event.why):
            self.add(event.at_ns, event.offset, event.count, event.why)
