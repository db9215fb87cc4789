"""What is true of a drawn device's uploads, from its own record: where it stalls, and how long."""

import time
from dataclasses import dataclass
from typing import Any

import serial
from msgspec.structs import replace

import quecsim
from quecsim.probe import stalls
from quecsim.probe.finding import Finding
from quecsim.scenario.schema import FlashSettings, Scenario, Timing
from quecsim.trace.event import Event, FlashBusy, Stalled, Stored

_UPLOAD_BYTES = 14_336
_PIECE_BYTES, _PIECE_S = 16, 0.04  # so slow that nothing is lost, whatever the ring and the stall
_REACH_BYTES = 8192
_MS = 1_000_000
_SURELY_MS = 12.0
_WINDOWS = 24


@dataclass(frozen=True, slots=True)
class Span:
    """A stall takes between these, and so much on the average."""

    low_ms: float
    high_ms: float
    mean_ms: float


@dataclass(frozen=True, slots=True)
class Truth:
    """`values` by key, the stalls of an upload by their place, and the fastest rate that the probe
    can have used.
    """

    values: dict[str, Any]
    lengths: dict[int, Span]
    fastest: int

    def of(self, key: str, finding: Finding) -> float:
        """The true value."""
        if key == stalls.LENGTH:
            place = int(finding.method.rpartition("at byte ")[2])
            span = self.stall_at(place)
            return span.mean_ms if span is not None else 0.0
        true: float = self.values[key]
        return true

    def stall_at(self, place: int) -> Span | None:
        """The stall there, within a byte."""
        near = (self.lengths.get(place + by) for by in (0, -1, 1))
        return next((span for span in near if span is not None), None)

    def missed(self, found: list[int]) -> list[int]:
        """The places before the last one found of stalls that surely show, and were not found."""
        ring_ms = self.values["uart.rx_ring_bytes"] * 10_000 / self.fastest
        window_ms = max(_SURELY_MS, _REACH_BYTES / _WINDOWS * 10_000 / self.fastest)
        surely_ms = 1.3 * max(ring_ms, window_ms) + 3
        near = {place + by for place in found for by in (-1, 0, 1)}
        return [
            place
            for place, span in sorted(self.lengths.items())
            if place < max(found) and place not in near and span.low_ms > surely_ms
        ]

    def shows_nothing(self, key: str) -> bool:
        """There is nothing to be found: it is right to say so."""
        window_ms = max(_SURELY_MS, _REACH_BYTES / _WINDOWS * 10_000 / max(1, self.fastest))
        is_about_stalls = key in (stalls.PLACES, stalls.LENGTH)
        return is_about_stalls and all(
            span.high_ms < 1.3 * window_ms + 3
            for place, span in self.lengths.items()
            if place <= _REACH_BYTES
        )


def true_stalls(scenario: Scenario, baud: int) -> dict[int, Span]:
    """Where an upload without ACK mode stalls: after so many bytes, for how long."""
    timing = scenario.flash.timing
    both: tuple[Timing, Timing] = ("typical", "worst") if timing == "drawn" else (timing, timing)
    low, high = (_lengths(replace(scenario, flash=FlashSettings(each)), baud) for each in both)
    return {
        place: Span(low[place], high[place], (low[place] + high[place]) / 2)
        for place in low
        if place in high
    }


def _lengths(scenario: Scenario, baud: int) -> dict[int, float]:
    events: list[Event] = []
    with quecsim.open_virtual(scenario=scenario) as device:
        device.watch(events.extend)
        port = serial.serial_for_url(device.url, baud, timeout=1)
        _upload(port)
        device.collect()
    found: dict[int, float] = {}
    stores = {event.until_ns: event for event in events if isinstance(event, FlashBusy)}
    for event in events:
        if isinstance(event, Stalled):
            place, span_ns = event.taken, event.until_ns - event.at_ns
        elif isinstance(event, Stored) and event.at_ns in stores:
            place, span_ns = event.total, event.at_ns - stores[event.at_ns].at_ns
        else:
            continue
        found[place] = found.get(place, 0) + span_ns / _MS
    found.pop(_UPLOAD_BYTES, None)
    return found


def _upload(port: Any) -> None:
    """The plainest host there is."""
    _asked(port, "AT")
    _asked(port, "AT")
    if "OK" in _asked(port, "AT+QFUPL=?"):
        _asked(port, f'AT+QFUPL="T",{_UPLOAD_BYTES},60', "CONNECT\r\n")
    else:
        handle = _asked(port, 'AT+QFOPEN="T",1').rpartition("+QFOPEN: ")[2].split()[0]
        _asked(port, f"AT+QFWRITE={handle},{_UPLOAD_BYTES},60", "CONNECT\r\n")
    for _ in range(_UPLOAD_BYTES // _PIECE_BYTES):
        port.write(b"x" * _PIECE_BYTES)
        time.sleep(_PIECE_S)
    port.read_until(b"OK\r\n")


def _asked(port: Any, command: str, until: str = "OK\r\n") -> str:
    port.write(command.encode() + b"\r\n")
    answer: str = port.read_until(until.encode()).decode()
    return answer
