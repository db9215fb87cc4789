"""Where a board is: the path of a tty, or a URL as pyserial has it."""

from quecsim.errors import QuecsimError
from quecsim.live.ports.adapter import Adapter
from quecsim.live.ports.tty_adapter import TtyAdapter


def open_adapter(place: str) -> Adapter:
    """The UART there. Raises QuecsimError where there is none, or it is not to be had."""
    if "://" in place:
        raise QuecsimError(f"{place} is no place of a board", hint="")
    return TtyAdapter(place)
