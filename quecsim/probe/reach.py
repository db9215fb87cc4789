"""The first word with whatever is at the port: nothing but AT is said until it has answered as a
module does.
"""

import re

from quecsim.errors import QuecsimError
from quecsim.probe.reply import whole_lines
from quecsim.probe.wire import Wire

_LISTEN_S = 0.3
_ANSWER_S = 1.5
_ATTEMPTS = 4
_LATE_S = 5.0
_NMEA = re.compile(rb"\$[A-Z]{2,5}[A-Z0-9]*,")
_ASKED = b"AT\r"
_SHOWN_BYTES = 40


def reach(wire: Wire, where: str) -> None:
    """Get an OK to AT from the module at the port that people know as `where`.

    Raises QuecsimError, which says what seems to be there instead.
    """
    said = _said(wire, _LISTEN_S)
    asked = 0
    for attempt in range(_ATTEMPTS):
        if _NMEA.search(said):
            break
        wire.write(_ASKED)
        asked += 1
        new = _said(wire, _LATE_S if attempt == _ATTEMPTS - 1 else _ANSWER_S)
        said += new
        if "OK" in whole_lines(new):
            _said(wire, _LISTEN_S)  # answers to the earlier ones may still be on their way
            return
    raise _no_module(said, asked, where, getattr(wire.port, "baudrate", 0))


def _said(wire: Wire, seconds: float) -> bytes:
    """What comes within `seconds`, or up to an OK."""
    pieces = wire.pieces(seconds, lambda raw: "OK" in whole_lines(raw) or len(raw) > 4096)
    return b"".join(data for _, data in pieces)


def _no_module(said: bytes, asked: int, where: str, baud: int) -> QuecsimError:
    """What is there instead of a module, as far as it shows."""
    if not said:
        return QuecsimError(
            f"nothing answers to AT on {where} at {baud} baud",
            hint="Is the module on, is the rate right (--baud), and is this its AT port? A module "
            "that was left in data mode answers again when its time-out is over.",
        )
    if _NMEA.search(said):
        return QuecsimError(
            f"a GPS receiver talks on {where}: {_shown(said)}",
            hint="A module with GPS has several ports; its AT port is another one.",
        )
    if said == _ASKED * asked or said.replace(b"\n", b"") == _ASKED * asked:
        return QuecsimError(
            f"only our own bytes come back on {where}",
            hint="TX and RX seem to be joined. A module whose answers are off (ATQ1) does the same:"
            " send it ATQ0.",
        )
    if re.search(rb"(?:^|\r|\n)0\r", said):
        return QuecsimError(
            f"the module on {where} answers in digits",
            hint="Send it ATV1 first: a probe reads the answers in words.",
        )
    return QuecsimError(
        f"what answers on {where} at {baud} baud is no module: {_shown(said)}",
        hint="Is it the right port, and the right rate (--baud)? Nothing but AT was sent.",
    )


def _shown(said: bytes) -> str:
    """The beginning of it, for people."""
    text = repr(said[:_SHOWN_BYTES])[1:]
    return text + ("..." if len(said) > _SHOWN_BYTES else "")
