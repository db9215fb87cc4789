"""The report for a terminal: the answer first, then every loss with which bytes, when and why.

Made for 80 columns. Colour only repeats what the words say.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from quecsim.render.ble import ble_answers, ble_block
from quecsim.render.layout import counted, hanging, safe, seconds, worded, wrapped
from quecsim.render.network import network_answers, network_block
from quecsim.report.files import by_file
from quecsim.report.model import Advice, FaultCount, Loss, RealLine, Report, Upload, Verdict
from quecsim.report.verdict import bytes_text, writes_text
from quecsim.units import format_ns

_MOST_UPLOADS = 20
_MOST_LOSSES = 10
_MOST_NOTES = 5
_MOST_FAULTS = 20
_MOST_ADVICE = 12
_COLOURS = {
    Verdict.INTACT: "32",
    Verdict.LOST: "1;31",
    Verdict.WRONG: "1;31",
    Verdict.SHORT: "33",
    Verdict.SURPLUS: "33",
    Verdict.WAITING: "33",
    Verdict.UNFINISHED: "33",
    Verdict.REFUSED: "31",
    Verdict.BROKEN: "1;31",
}
_MISMATCHED = "taken as if they were the same, and a real line would garble them"
_NOTHING = "No upload was made, and no byte was lost."


def render_text(report: Report, colour: bool) -> str:
    """The report as text, without a line end at the last line."""
    if _is_empty(report):
        return _NOTHING
    answers = [*_answers(report, colour), *network_answers(report.network, colour=colour)]
    blocks = [[*answers, *ble_answers(report.ble, colour=colour)]]
    blocks += [list(_losses(upload)) for upload in report.uploads if upload.losses]
    blocks += [list(_advice(report))]
    notes = [line for note in _notes(report) for line in wrapped(note, 0)]
    blocks += [list(_outside(report)), list(_faults(report)), list(_canned(report))]
    blocks += [list(_messages(report)), list(network_block(report.network))]
    blocks += [list(ble_block(report.ble))]
    blocks += [notes, list(_assumed(report)), list(_heard(report))]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def _heard(report: Report) -> Iterator[str]:
    """Of a real device: how far all of this can be trusted."""
    origin = report.origin
    if origin.heard_from:
        text = f"Read off what both sides said ({safe(origin.heard_from)}): nobody has seen into"
        text += " the device."
        lacks = f" What it lacks: {', '.join(origin.lacks)}." if origin.lacks else ""
        yield from wrapped(text + lacks, 0)


def _is_empty(report: Report) -> bool:
    counters = report.counters
    has_news = report.uploads or report.mismatches or report.urcs_dropped or report.unsent
    has_news = (
        has_news
        or report.real_line not in (None, RealLine())
        or report.messages_sent
        or report.network.has_any
        or report.ble.has_any
    )
    has_eaten = report.eaten or report.protocol_bytes or report.faults or report.canned
    return (
        not (has_news or report.advice or counters.lost or has_eaten or report.is_dead)
        and counters.holds
    )


# the answer


def _answers(report: Report, colour: bool) -> Iterator[str]:
    files = by_file(report.uploads)
    hidden = files[:-_MOST_UPLOADS]
    count = len(hidden) + report.uploads_unlisted
    if count:
        words = Counter(uploads[-1].verdict.value for uploads in hidden)
        known = ", ".join(f"{number} {word}" for word, number in sorted(words.items()))
        yield f"{counted(count, 'earlier upload')}: {known}"
    for uploads in files[-_MOST_UPLOADS:]:
        yield from _answer(uploads, colour)


def _answer(uploads: Sequence[Upload], colour: bool) -> Iterator[str]:
    """One upload, or several writes into one file that all went well."""
    upload, took = uploads[-1], ""
    if upload.end_ns is not None and upload.verdict is not Verdict.REFUSED:
        took = f" ({format_ns(upload.end_ns - uploads[0].begin_ns)})"
    sentence = writes_text(uploads) if len(uploads) > 1 else upload.sentence
    code = _COLOURS[upload.verdict] if colour else ""
    yield from worded(upload.verdict.value, f"{_title(upload)}: {sentence}{took}", code)


def _title(upload: Upload) -> str:
    return safe(upload.name) or f"AT{upload.command}"


# advice


def _advice(report: Report) -> Iterator[str]:
    """What the host's bytes show, and what to do."""
    if not report.advice:
        return
    yield "What the host can do:" if not all(a.is_note for a in report.advice) else "Good to know:"
    for each in report.advice[:_MOST_ADVICE]:
        yield from hanging(advice_text(each))
    more = len(report.advice) - _MOST_ADVICE
    if more > 0:
        yield f"  and {more} more"


def advice_text(advice: Advice) -> str:
    """`ca.pem: what was seen, 3 times -> what to do`."""
    name = f"{safe(advice.name)}: " if advice.name else ""
    times = f" (so {advice.count} times)" if advice.count > 1 else ""
    return f"{name}{safe(advice.seen)}{times} -> {safe(advice.advice)}"


# losses


def _losses(upload: Upload) -> Iterator[str]:
    write = f" (write {upload.write})" if upload.write > 1 else ""
    what = "data" if write else "file"
    yield f"Lost from {_title(upload)}{write}, by their places in the {what} as sent:"
    yield from _listed(upload.losses, upload.unlisted_places, upload.lost)


def _outside(report: Report) -> Iterator[str]:
    losses = [loss for loss in report.losses_outside if not report.ble.has_byte(loss.offset)]
    on_air = sum(each.lost for each in report.ble.sessions)
    if losses:
        yield f"{bytes_text(report.lost_outside - on_air)} lost outside of uploads:"
        unlisted = report.unlisted_places_outside
        yield from _listed(losses, unlisted, report.lost_outside - on_air)


def _listed(losses: list[Loss], unlisted: int, count: int) -> Iterator[str]:
    """The first of them; they are `count` bytes together with the `unlisted` that the report left
    out.
    """
    for loss in losses[:_MOST_LOSSES]:
        yield f"  {_place(loss)}, {_moment(loss)}"
        yield from wrapped(loss.why, 4)
    rest = count - sum(loss.count for loss in losses[:_MOST_LOSSES])
    if rest:
        more = len(losses) + unlisted - min(len(losses), _MOST_LOSSES)
        yield f"  and {bytes_text(rest)} in {counted(more, 'more place')}"


def _place(loss: Loss) -> str:
    if loss.offset < 0:
        return f"{bytes_text(loss.count)} that nobody sent"
    stream = f"stream {_range(loss.offset, loss.count)}"
    if loss.at_byte is None:
        return f"{bytes_text(loss.count)}, {stream}"
    word = "byte" if loss.count == 1 else "bytes"
    count = "" if loss.count == 1 else f"{loss.count} bytes, "
    return f"{word} {_range(loss.at_byte, loss.count)} ({count}{stream})"


def _range(first: int, count: int) -> str:
    return str(first) if count == 1 else f"{first}..{first + count - 1}"


def _moment(loss: Loss) -> str:
    first, last = seconds(loss.first_ns), seconds(loss.last_ns)
    return f"at {first} s" if first == last else f"at {first} to {last} s"


def _faults(report: Report) -> Iterator[str]:
    """What the scenario asked for, and whether it happened."""
    if not report.faults:
        return
    yield "Faults that were asked for:"
    for fault in report.faults[:_MOST_FAULTS]:
        text = f"{fault.kind}, {safe(fault.text)}: {_fired(fault, report.is_ended)}"
        yield from hanging(text)
    more = len(report.faults) - _MOST_FAULTS
    if more > 0:
        yield f"  and {more} more"


def _fired(fault: FaultCount, is_ended: bool) -> str:
    if fault.first_ns is None:
        return "never fired" if is_ended else "not fired yet"
    times = "once" if fault.fired == 1 else f"{fault.fired} times, first"
    return f"fired {times} at {seconds(fault.first_ns)} s"


def _canned(report: Report) -> Iterator[str]:
    """What was answered, and not by the model: a host may have been told anything."""
    if report.canned:
        yield "Canned replies, not the model's:"
    for use in report.canned:
        called = "" if use.command.upper() == f"AT{use.name}" else f" ({use.name or 'others'})"
        times = "once" if use.count == 1 else f"{use.count} times"
        source = f"; {use.source}" if use.source else ""
        first = f"first at {seconds(use.first_ns)} s"
        yield from wrapped(f"{safe(use.command)}{safe(called)}: {times}, {first}{source}", 2)


def _messages(report: Report) -> Iterator[str]:
    """The short messages that left the device."""
    if not report.messages_sent:
        return
    yield f"{counted(report.messages_sent, 'short message')} sent:"
    for message in report.messages[:_MOST_NOTES]:
        to = f"to {safe(message.to)}: " if message.to else "PDU "
        text = f"{message.reference}, at {seconds(message.at_ns)} s, {to}{safe(message.body)}"
        yield from hanging(text)
    if report.messages_sent > _MOST_NOTES:
        yield f"  and {report.messages_sent - _MOST_NOTES} more"


# everything else


def _notes(report: Report) -> Iterator[str]:
    for mismatch in report.mismatches[:_MOST_NOTES]:
        effect = "the bytes were garbled" if mismatch.garbled else _MISMATCHED
        ends = f"the host sent at {mismatch.host}, the device listened at {mismatch.device}"
        if mismatch.sender == "device":
            ends = f"the device sent at {mismatch.device}, the host listened at {mismatch.host}"
        yield f"At {seconds(mismatch.at_ns)} s {ends}: {effect}."
    if report.stopped_ns:
        stopped = format_ns(report.stopped_ns)
        yield (
            f"The simulator had no processor for {stopped}: the model's clock stood still, the"
            " host's did not. A host that lost patience meanwhile is not to blame."
        )
    if report.held_ns:
        held = format_ns(report.held_ns)
        yield f"Flow control held the host back for {held}: late, not lost."
    yield from _line_notes(report.real_line)
    yield from _device_notes(report)
    if report.protocol_bytes:
        were = "was" if report.protocol_bytes == 1 else "were"
        yield (
            f"{bytes_text(report.protocol_bytes)} {were} taken by protocol download, whose frames"
            " are not public (docs/PYTHON.md)."
        )
    yield _sum(report)
    if not report.counters.holds:
        yield "These numbers do not add up: the record is incomplete, or wrong."


def _line_notes(line: RealLine | None) -> Iterator[str]:
    """What a board's real line shows."""
    if line is None:
        return
    if line.overruns:
        yield (
            "The adapter, not the device, lost bytes of the board's:"
            f" {counted(line.overruns, 'overrun')}, of one byte or more each. They are in none of"
            " these numbers."
        )
    if line.damaged or line.framing or line.parity:
        yield (
            f"Of the board's bytes some came damaged: {counted(line.framing, 'framing error')}, "
            f"{counted(line.parity, 'parity error')}; {bytes_text(line.damaged)} thrown away."
        )
    if line.stops:
        yield (
            f"The device took RTS away {counted(line.stops, 'time')}: up to"
            f" {bytes_text(line.most_after)} came after that, and there was room for"
            f" {line.least_room}."
        )


def _device_notes(report: Report) -> Iterator[str]:
    if report.is_dead and not any(u.verdict is Verdict.BROKEN for u in report.uploads):
        yield (
            "The device does not start: its power went during a firmware upgrade, before this"
            " run; --restore brings it back."
        )
    for why, count in report.unsent.items():
        yield f"{bytes_text(count)} from the device never reached the host ({why})."
    for urc in report.dropped_urcs[:_MOST_NOTES]:
        yield f"{safe(urc.text)} was never sent: {urc.why} (at {seconds(urc.at_ns)} s)."
    more = report.urcs_dropped - _MOST_NOTES
    if more > 0:
        yield f"So were {more} more unsolicited result codes."
    flash = report.flash
    if flash.erases or flash.programs:
        yield (
            f"The flash was busy for {format_ns(flash.busy_ns)}:"
            f" {counted(flash.erases, 'erase')}, {counted(flash.programs, 'program')},"
            f" the longest stop {format_ns(flash.longest_ns)}."
        )
    if flash.stalls:
        were = "was" if flash.stalls == 1 else "were"
        stalls = f"{counted(flash.stalls, 'stall')} that {were} asked for"
        yield f"{stalls} took {format_ns(flash.stall_ns)}."


def _sum(report: Report) -> str:
    counters = report.counters
    causes = ", ".join(f"{cause} {count}" for cause, count in counters.lost_by_cause.items())
    lost = f"{counters.lost} lost" + (f" ({causes})" if causes else "")
    junk = report.mistaken_bytes
    waiting, rest = report.unfinished_bytes, counters.in_flight - report.unfinished_bytes
    read = counters.eaten - report.protocol_bytes - report.never_sent_bytes
    eaten = f"{read} read as commands" + (f" ({junk} of them by mistake)" if junk else "")
    if report.protocol_bytes:
        eaten += f", {report.protocol_bytes} by protocol download"
    if report.never_sent_bytes:
        eaten += f", {report.never_sent_bytes} thrown away by the host before they were sent"
    if counters.forwarded:
        eaten += f", {counters.forwarded} passed on"
    whence = "that nobody heard" if report.origin.heard_from else "out of noise"
    noise = f" and {counters.inserted} {whence}" if counters.inserted else ""
    return (
        f"{bytes_text(counters.sent)} from the host{noise}: {counters.stored} stored, {lost},"
        f" {eaten}, {_rest(waiting, max(rest, 0))}."
    )


def _rest(unfinished: int, others: int) -> str:
    """Bytes that are nowhere yet."""
    line = f"{unfinished} in a command line without its end" if unfinished else ""
    way = f"{others} on their way" if others or not unfinished else ""
    return ", ".join(part for part in (line, way) if part)


def _assumed(report: Report) -> Iterator[str]:
    has_failed = report.network.has_failed or report.ble.sentences
    has_trouble = report.counters.lost or report.fell_short or has_failed
    if report.assumed and has_trouble:
        yield "This leans on values that are assumed, not known, of the device:"
        names = [line.split(": ", 1)[0] for line in report.assumed]
        yield from wrapped("; ".join(name.replace(" ", "") for name in names), 2)
