"""The host and Bluetooth LE: does it wait until there is a connection, and heed what it carries?

Only what the device refused counts: where it took a command, the host was right.
"""

import re
from collections.abc import Callable
from typing import Any

from quecsim.border.ble import SMALLEST_MTU
from quecsim.judge.conduct_end import after
from quecsim.judge.conduct_network import NetworkWatch
from quecsim.judge.conduct_rules import Breach, breach
from quecsim.trace import event as ev
from quecsim.units import ms

_MOST_BREACHES = 100
_REACTION_NS = ms(100)  # what comes sooner may have been written before the word was read
_ATT_BYTES = 3
_STATE = re.compile(r'\+QBLESTAT: ?"?(CONNECTED|DISCONNECTED)"?')
_DONE = re.compile(r'\+QBLEINFO: ?"?DOWN"?')
_MTU = re.compile(r"\+QBLEMTU: ?(\d{1,5})")
_JOIN = "+QBLECONN"
_AFTER_DISCOVERY = (
    "+QBLEGATTCRD", "+QBLEGATTCWRCMD", "+QBLEGATTCWRREQ", "+QBLEGATTCNTFCFG", "+QBLETRANMODE",
)  # fmt: skip
_NEED_CONNECTION = (
    "+QBLEGATTSNTFY", "+QBLEGATTCRD", "+QBLEGATTCWRCMD", "+QBLEGATTCWRREQ", "+QBLEGATTCNTFCFG",
)  # fmt: skip
_SEND = ("+QBLEGATTSNTFY", "+QBLEGATTCWRCMD", "+QBLEGATTCWRREQ")


class BleWatch:
    """Feed it the events of a run by its `handlers`; `lines` knows when lines were written."""

    def __init__(self, lines: NetworkWatch) -> None:
        self._lines = lines
        self.handlers: dict[type, Callable[[Any], None]] = {
            ev.Urc: self._on_urc,
            ev.Result: self._on_result,
            ev.Power: self._on_power,
        }
        self._found: list[Breach] = []
        self._is_connected = False
        self._mtu = SMALLEST_MTU
        self._asked_ns: int | None = None  # a connection, whose discovery is not over
        self._over_ns: int | None = None  # when the host was told that there is none any more
        self._is_ignored = False  # said once for each

    def breaches(self) -> list[Breach]:
        """What was broken, in order of time."""
        return list(self._found)

    def _add(self, rule: str, at_ns: int, text: str) -> None:
        if len(self._found) < _MOST_BREACHES:
            self._found.append(breach(rule, at_ns, text, offset=self._lines.line_offset))

    def _on_urc(self, event: ev.Urc) -> None:
        if (said := _STATE.match(event.text)) is not None:
            self._is_connected = said[1] == "CONNECTED"
            self._mtu, self._is_ignored = SMALLEST_MTU, False
            if not self._is_connected:
                self._over_ns, self._asked_ns = event.at_ns, None
        elif _DONE.match(event.text):
            self._asked_ns = None
        elif (said := _MTU.match(event.text)) is not None:
            self._mtu = int(said[1])

    def _on_result(self, event: ev.Result) -> None:
        name, _, values = event.line.partition("=")
        name = name.upper()
        if name == _JOIN and event.text == "OK":
            self._asked_ns = event.at_ns
        written_ns = self._lines.written_ns
        if written_ns is None or event.text in ("OK", "CONNECT"):
            return
        if name in _AFTER_DISCOVERY and self._asked_ns is not None:
            self._check_wait(name, written_ns, self._asked_ns)
        elif name in _NEED_CONNECTION and not self._is_connected:
            self._check_heed(name, written_ns)
        elif name in _SEND and (count := _data_bytes(values)) > self._mtu - _ATT_BYTES:
            text = f"AT{name} had {count} bytes, and the MTU is {self._mtu}"
            self._add("more-than-mtu", written_ns, text)

    def _check_wait(self, name: str, written_ns: int, asked_ns: int) -> None:
        if self._is_ignored:
            return
        self._is_ignored = True
        waited = after(max(0, written_ns - asked_ns))
        text = f'AT{name} came {waited} AT{_JOIN}, before +QBLEINFO: "DOWN"'
        self._add("no-wait-for-result", written_ns, text)

    def _check_heed(self, name: str, written_ns: int) -> None:
        over_ns = self._over_ns
        is_late = over_ns is None or written_ns > over_ns + _REACTION_NS
        if self._is_ignored or not is_late:
            return
        self._is_ignored = True
        why = "nobody had connected yet"
        if over_ns is not None:
            why = 'though +QBLESTAT had said "DISCONNECTED"'
        self._add("no-connection", written_ns, f"AT{name} came, {why}")

    def _on_power(self, event: ev.Power) -> None:
        if event.state in ("off", "booting"):
            self._is_connected = self._is_ignored = False
            self._mtu, self._asked_ns, self._over_ns = SMALLEST_MTU, None, None


def _data_bytes(values: str) -> int:
    """How much data a command has: text, or with its length in front hexadecimal digits. 0 where it
    is neither: then the device has refused it for that.
    """
    parts = values.split(",", 2)
    data = parts[2] if len(parts) > 2 else ""
    if data[:1] == data[-1:] == '"':
        return max(0, len(data) - 2)
    first, comma, digits = data.partition(",")
    if not comma:
        return len(data)
    return len(digits.strip('"')) // 2 if first.isdecimal() else 0
