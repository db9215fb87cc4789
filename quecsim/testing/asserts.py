"""Asserts about what is on a device, with messages that say which bytes are off, when and why.

They take whatever has files, events and a report: a device of `quecsim.open` (on a pty) or of
`quecsim.open_virtual` (in process).
"""

from collections.abc import Collection, Sequence
from typing import Protocol

from quecsim.judge.conduct import ConductWatch
from quecsim.judge.conduct_line import line_breaches
from quecsim.judge.conduct_rules import breach_text
from quecsim.judge.file import verdict_of
from quecsim.judge.judgement import judge
from quecsim.report.codes import INTRODUCED_BY
from quecsim.report.model import Loss, Report, Upload
from quecsim.report.verdict import bytes_text
from quecsim.trace.event import Event
from quecsim.units import S

_MOST_LOSSES = 3
_MOST_SENTENCES = 5
_SHOWN_BYTES = 8


class LooksInside(Protocol):
    """A device whose files and report can be looked at."""

    def files(self) -> dict[str, int]:
        """Name -> size in bytes."""

    def read_file(self, name: str) -> bytes:
        """A file's bytes. Raises FileNotFoundError."""

    def events(self) -> Sequence[Event]:
        """What has happened since the start."""

    def report(self) -> Report:
        """What happened to the bytes so far."""


def assert_uploaded(device: LooksInside, name: str, data: bytes) -> None:
    """The file `name` is on the device, and holds exactly `data`.

    Raises AssertionError with the first byte that is off, the bytes that were lost and why; also
    where host and device had the line set differently: the bytes would not have come over a wire.
    """
    __tracebackhide__ = True
    _assert_line(device)
    try:
        stored = device.read_file(name)
    except FileNotFoundError:
        raise AssertionError(_missing(device, name, data)) from None
    if stored != data:
        lines = [f"{name}: {_off(stored, data)}", *_why(device.report(), name, stored, data)]
        raise AssertionError("\n".join([*lines, *_conduct(device, name, stored, data)]))


def assert_no_bytes_lost(device: LooksInside) -> None:
    """Every byte that the host wrote is stored, was read as a command, or is on its way.

    Raises AssertionError, also where host and device had the line set differently.
    """
    __tracebackhide__ = True
    _assert_line(device)
    report = device.report()
    if report.counters.lost:
        losses = [loss for upload in report.uploads for loss in upload.losses]
        lines = [_loss(loss) for loss in [*losses, *report.losses_outside][:_MOST_LOSSES]]
        raise AssertionError("\n".join([f"{bytes_text(report.counters.lost)} lost", *lines]))


def assert_good_conduct(device: LooksInside, *, allow: Collection[str] = ()) -> None:
    """The host broke no rule of conduct (docs/CHECK.md), but for those that are allowed.

    An upload may be intact by luck. Call it when the host is done. What needs the host's own word
    (`trusted-short-upload`, and most of `ignored-error`) is not looked at.
    """
    __tracebackhide__ = True
    watch = ConductWatch()
    watch.feed(device.events())
    watch.until(device.report().at_ns)
    broken = [breach for breach in watch.breaches() if breach.rule not in allow]
    if broken:
        raise AssertionError(
            "\n".join(
                ["the host broke a rule:", *(f"  {breach_text(breach)}" for breach in broken)]
            )
        )


def assert_connected(device: LooksInside, client: str = "MQTT client 0") -> None:
    """The last connection that `client` asked for came about, and its server took the client; it is
    open, or the host has ended it since.

    Raises AssertionError with why it did not, down to the byte of a certificate that was lost.
    """
    __tracebackhide__ = True
    connections = device.report().network.connections
    own = [each for each in connections if each.owner == client]
    if not own:
        others = ", ".join(sorted({each.owner for each in connections})) or "nobody"
        raise AssertionError(f"{client} asked for no connection; {others} did")
    last = own[-1]
    if last.sentence:
        raise AssertionError(last.sentence)
    where = f"{client} and {last.host}:{last.port}"
    if last.opened_ns is None:
        raise AssertionError(f"{where}: the connection is {last.outcome}, and was never open")
    if (missing := INTRODUCED_BY.get(last.command)) is not None:
        raise AssertionError(f"{where}: after {last.command} comes {missing}, and it never came")


def assert_no_network_trouble(device: LooksInside) -> None:
    """Every connection came about and lasted until the host ended it, and no client of the network
    told the host anything but success.

    Raises AssertionError with one sentence for each that did not.
    """
    __tracebackhide__ = True
    network = device.report().network
    lines = [each.sentence for each in network.connections if each.sentence]
    lines += [each.sentence for each in network.untold]
    if lines:
        more = len(lines) - _MOST_SENTENCES
        shown = [*lines[:_MOST_SENTENCES], *([f"and {more} more"] if more > 0 else [])]
        raise AssertionError("\n".join(["the network had trouble:", *(f"  {s}" for s in shown)]))


def _assert_line(device: LooksInside) -> None:
    __tracebackhide__ = True
    if broken := line_breaches(device.events()):
        raise AssertionError(breach_text(broken[0]))


def _conduct(device: LooksInside, name: str, stored: bytes, data: bytes) -> list[str]:
    """What the host did wrong, as far as that can be seen; first, where it was the cause."""
    judged = judge(
        device.report(), device.events(), claim=None, content=stored, expected=data, name=name
    )
    because = [f"  {judged.because}"] if judged.because and judged.breaches else []
    broken = judged.breaches[:_MOST_LOSSES]
    return [*because, *(f"  {breach_text(breach)}" for breach in broken)]


def _missing(device: LooksInside, name: str, data: bytes) -> str:
    there = ", ".join(sorted(device.files())) or "no file at all"
    head = f"{name} is not on the device, which has {there}"
    return "\n".join([head, *_why(device.report(), name, b"", data)])


def _off(stored: bytes, data: bytes) -> str:
    """How the two differ, from the first byte that does."""
    pairs = zip(stored, data, strict=False)
    first = next((at for at, (have, want) in enumerate(pairs) if have != want), None)
    sizes = f"{len(stored)} of {bytes_text(len(data))} stored"
    if len(stored) > len(data):
        sizes = f"{bytes_text(len(stored))} stored instead of {len(data)}"
    if first is None:
        text = "the last are missing" if len(stored) < len(data) else "the surplus is at the end"
        return f"{sizes}; {text}, from byte {min(len(stored), len(data))} on"
    have, want = (part[first : first + _SHOWN_BYTES] for part in (stored, data))
    return f"{sizes}; byte {first} is the first that is wrong: {have!r} instead of {want!r}"


def _why(report: Report, name: str, stored: bytes, data: bytes) -> list[str]:
    """What became of the file, as `quecsim check` would say it."""
    told = verdict_of(report, name=name, content=stored, expected=data)
    if told.upload is None:
        return ["no upload of that name was begun"]
    return [f"  {told.verdict}: {told.sentence}", *_losses(told.upload)]


def _losses(upload: Upload) -> list[str]:
    lines = [_loss(loss) for loss in upload.losses[:_MOST_LOSSES]]
    more = len(upload.losses) - len(lines)
    return [*lines, f"  and {more} more places"] if more else lines


def _loss(loss: Loss) -> str:
    place = f"stream byte {loss.offset}" if loss.at_byte is None else f"byte {loss.at_byte}"
    when = f"{loss.first_ns / S:.3f} s"
    return f"  {bytes_text(loss.count)} lost from {place} on, at {when}: {loss.why}"
