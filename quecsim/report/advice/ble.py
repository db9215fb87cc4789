"""What to do about data that Bluetooth LE did not carry, one entry for each cause."""

from collections.abc import Iterator

from quecsim.report.air import BleReport
from quecsim.report.model import Advice
from quecsim.report.verdict import bytes_text

# By words of `BleLost.why`.
_ADVICE: tuple[tuple[str, str, str], ...] = (
    (
        "notifications",
        "ble-unheard",
        "the device says OK and nothing of this: let the other side switch notifications on first, "
        "and tell you so (it can write a characteristic)",
    ),
    (
        "connection",
        "ble-connection",
        'heed +QBLESTAT: "DISCONNECTED"; OK says that the device took the data, not that the other '
        "side has it: let it confirm what it got",
    ),
    (
        "host",
        "ble-host",
        "read what the device says as it comes; let the other side send less at a time, or wait "
        "for your answer",
    ),
)
_RING = (
    "send no more than the connection carries: a slower line, pauses, or a protocol of your own in "
    "which the other side says how far it is (these modules have no flow control); a shorter "
    "interval carries more, and so does a larger MTU as long as a piece fits into one packet"
)
_SILENT = (
    "count on connections that end: advertise again (auto_adv of AT+QBLEINIT), and send again what "
    "was not confirmed; a longer supervision time-out bridges short breaks"
)


def ble_advice(ble: BleReport) -> list[Advice]:
    """The first of each kind, and how often it was."""
    found: dict[str, Advice] = {}
    for each in (*_sessions(ble), *_transfers(ble), *_connections(ble)):
        known = found.get(each.kind)
        found[each.kind] = each if known is None else _counted(known)
    return list(found.values())


def _counted(known: Advice) -> Advice:
    return Advice(
        kind=known.kind,
        seen=known.seen,
        advice=known.advice,
        at_ns=known.at_ns,
        offset=known.offset,
        count=known.count + 1,
    )


def _sessions(ble: BleReport) -> Iterator[Advice]:
    for each in ble.sessions:
        if each.losses:
            first = each.losses[0]
            carries = each.carries_bytes_per_s
            rate = f", which carries {carries} bytes/s at most" if carries else ""
            seen = f"in transparent mode more came than Bluetooth LE took{rate}"
            offset = each.offset + first.at_byte
            yield Advice(
                kind="ble-ring", seen=seen, advice=_RING, at_ns=first.first_ns, offset=offset
            )


def _transfers(ble: BleReport) -> Iterator[Advice]:
    for transfer in ble.transfers:
        for loss in transfer.losses:
            for word, kind, advice in _ADVICE:
                if word in loss.why:
                    seen = f"{bytes_text(transfer.lost)} for {transfer.uuid} lost: {loss.why}"
                    yield Advice(kind=kind, seen=seen, advice=advice, at_ns=loss.first_ns)
                    break


def _connections(ble: BleReport) -> Iterator[Advice]:
    for each in ble.connections:
        if each.joined_ns is not None and each.why == "timeout" and each.over_ns is not None:
            seen = f"the connection with {each.who} fell silent"
            yield Advice(kind="ble-silent", seen=seen, advice=_SILENT, at_ns=each.over_ns)
