"""Records of Bluetooth LE by hand: a phone that connects, and data that goes over it."""

from collections.abc import Iterable

from quecsim.border.ble import Came
from quecsim.profiles.loader import load_profile
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Report
from quecsim.trace import event as ev
from quecsim.units import ms, s

PHONE = "58d391010203"
START = ev.Start(0, "fcm242d", 0, "uart", {}, profile=load_profile("fcm242d"))
JOINED = ev.BleHeard(
    s(1), "joined", words=f"address={PHONE} is_central=False interval=24 latency=0 timeout=500"
)
MTU = ev.BleHeard(s(2), "mtu is", words="mtu=247")
UNHEARD = "the other side had not switched notifications on"


def left(at_ns: int, why: str) -> ev.BleHeard:
    return ev.BleHeard(at_ns, "left", words=f"why={why}")


def notified(at_ns: int, offset: int, count: int, *, gets_there: bool = True) -> list[ev.Event]:
    events: list[ev.Event] = [ev.BleAsked(at_ns, "notify", "fff2", offset, count, "x")]
    if gets_there:
        events.append(ev.BleGone(at_ns + ms(30), offset, count))
    return events


def lost(at_ns: int, offset: int, count: int, why: str = UNHEARD, way: str = "up") -> ev.BleLost:
    return ev.BleLost(at_ns, way, "fff2", offset, count, why)


def came(at_ns: int, data: bytes) -> ev.BleCame:
    return ev.BleCame(at_ns, Came("fff2", data))


def ring_lost(offset: int, count: int, at_ns: int = s(3)) -> ev.Lost:
    return ev.Lost(
        at_ns, at_ns + ms(20), offset, count, "ring", 512, at_ns, at_ns + ms(40),
        "Bluetooth LE had no room for more", "off", "off",
    )  # fmt: skip


def transparent(offset: int, count: int) -> list[ev.Event]:
    """Transparent mode from `offset` on; the ring loses some of it."""
    return [
        ev.DataBegin(s(2), offset, "+QBLETRANMODE", "", 0, False, 0),
        ev.HostBytes(s(3), offset, bytes(count)),
        ring_lost(offset + 1024, 153),
    ]


def told(*events: ev.Event | Iterable[ev.Event]) -> Report:
    """The report of such a run."""
    builder = ReportBuilder()
    builder.feed([START])
    for each in events:
        builder.feed(each if isinstance(each, list) else [each])  # type: ignore[list-item]
    return builder.report()
