"""What went wrong with Bluetooth LE, in one sentence each."""

import re

from msgspec.structs import replace

from quecsim.border.ble import INTERVAL_NS, SUPERVISION_NS
from quecsim.report.air import BleConnection, BleLoss, BleSession, BleTransfer
from quecsim.report.verdict import bytes_text
from quecsim.units import S, format_ns


def connection_sentence(made: BleConnection, now_ns: int) -> BleConnection:
    """`made` with its sentence, where it did not come about or ended for want of an answer."""
    who, why = made.who, made.why
    if made.joined_ns is None:
        clause = _NOT_JOINED.get(why, "")
        text = f"no connection to {who} came about: {clause}" if clause else ""
    elif why == "timeout":
        lasted = format_ns((made.over_ns or now_ns) - made.joined_ns)
        silence = format_ns(made.timeout * SUPERVISION_NS)
        text = (
            f"the connection with {who} ended after {lasted}: nothing was heard of the other side"
            f" for {silence}, its supervision time-out"
        )
    else:
        text = ""
    return replace(made, sentence=text)


_DURATION = re.compile(r"[0-9.]+ [nmu]?s\b")
_NOT_JOINED = {
    "given up": "the device gave up waiting; the other side does not advertise, or is too far",
    "refused": "it takes no connections",
    "timeout": "it was not heard",
    "gone": "the device went off the air before",
}


def transfer_sentence(made: BleTransfer) -> BleTransfer:
    """`made` with its sentence, where bytes are lost."""
    if not made.lost:
        return made
    goal = "the other side" if made.way == "up" else "the host"
    what = f"{made.lost} of {bytes_text(made.given)} for {made.uuid or 'nobody'}"
    return replace(made, sentence=f"{what} never reached {goal}: {_where_and_why(made.losses)}")


def session_sentence(made: BleSession, interval: int, mtu: int) -> BleSession:
    """`made` with its sentence, where the serial line lost bytes; `interval` and `mtu` are those of
    its connection.
    """
    if not made.lost:
        return made
    what = f"{made.lost} of {bytes_text(made.sent)} of transparent mode"
    rate = ""
    if made.carries_bytes_per_s:
        event = f"{format_ns(interval * INTERVAL_NS)} interval, MTU {mtu}"
        rate = f"; the connection carries at most {made.carries_bytes_per_s} bytes/s ({event})"
    text = f"{what} never reached the other side: {_where_and_why(made.losses)}{rate}"
    return replace(made, sentence=text)


def _where_and_why(losses: list[BleLoss]) -> str:
    first = losses[0]
    when = f"{place(first)} at {first.first_ns / S:.3f} s"
    if len(losses) == 1:
        return f"{when}, {first.why}"
    whys = {_DURATION.sub("", loss.why) for loss in losses}
    others = len(whys) - 1
    more = f" (and {others} other reason{'' if others == 1 else 's'})" if others else ""
    return f"{len(losses)} places, the first {when}, {first.why}{more}"


def place(loss: BleLoss) -> str:
    """`bytes 1024..1176`."""
    if loss.count == 1:
        return f"byte {loss.at_byte}"
    return f"bytes {loss.at_byte}..{loss.at_byte + loss.count - 1}"
