"""Where a board is, the path of a tty or a URL as pyserial has it, and what it cannot have."""

from collections.abc import Iterator

from quecsim.errors import QuecsimError
from quecsim.live.ports.adapter import Adapter
from quecsim.live.ports.tty_adapter import TtyAdapter
from quecsim.scenario.schema import Line, Scenario

OPTION = "--serial"
_NO_LAG = Line().lag_bytes


def open_adapter(place: str) -> Adapter:
    """The UART there. Raises QuecsimError where there is none, or it is not to be had."""
    if "://" in place:
        from quecsim.live.ports.url_adapter import UrlAdapter

        return UrlAdapter(place)
    return TtyAdapter(place)


def check_scenario(scenario: Scenario) -> None:
    """Raises QuecsimError for what only a simulated far end has."""
    for what, why in _misfits(scenario):
        raise refusal(what, why)


def refusal(what: str, why: str) -> QuecsimError:
    """`what` cannot be had with a real line."""
    return QuecsimError(
        f"{what} cannot be had with a real line: {why}",
        where=OPTION,
        hint="leave one of the two out",
    )


def _misfits(scenario: Scenario) -> Iterator[tuple[str, str]]:
    line, host = scenario.line, scenario.host
    if line.interface != "uart":
        yield "another interface than the UART", "an adapter has no USB device in it"
    if line.time_scale != 1.0:
        yield "a time scale", "the board's clock is real"
    if line.speed != "paced":
        yield "an unlimited speed", "the line is as fast as it is"
    if line.baud is not None or line.any_rate:
        yield "the host's baud rate", "it is the board's own"
    if line.lag_bytes != _NO_LAG:
        yield "the host's lag", "the board stops as soon as it does"
    if line.garble:
        yield "garbling", "a wrong rate spoils the bytes by itself"
    if host.flow != "auto":
        yield "the host's flow control", "it is the board's own"
    if not host.wires:
        yield "a line without RTS and CTS", "take the wires off"
