"""Where a board is: the path of a tty, or a URL as pyserial has it."""

from quecsim.live.ports.adapter import Adapter
from quecsim.live.ports.tty_adapter import TtyAdapter


def open_adapter(place: str) -> Adapter:
    """The UART there. Raises QuecsimError where there is none, or it is not to be had."""
    if "://" in place:
        from quecsim.live.ports.url_adapter import UrlAdapter

        return UrlAdapter(place)
    return TtyAdapter(place)
