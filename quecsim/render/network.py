"""The network in the report for a terminal: first what went wrong, then everything there was."""

from collections.abc import Iterator

from quecsim.render.layout import counted, hanging, safe, seconds, worded
from quecsim.report.connection import Connection, NetworkReport, Outcome

_MOST_SENTENCES = 20
_MOST_CONNECTIONS = 10
_MOST_TROUBLES = 10
_MOST_CLIENTS = 10
_OWN_PORTS = {
    "tcp listener": "listens at port",
    "udp service": "takes datagrams at port",
    "incoming": "was called at port",
}
_COLOURS = {Outcome.FAILED: "1;31", Outcome.REFUSED: "31", Outcome.DROPPED: "33"}


def network_answers(network: NetworkReport, *, colour: bool) -> Iterator[str]:
    """What became of the connections that came to no good, one sentence each."""
    bad = [each for each in network.connections if each.outcome in _COLOURS]
    if hidden := bad[:-_MOST_SENTENCES]:
        yield f"{counted(len(hidden), 'earlier connection')} that came to no good"
    for each in bad[-_MOST_SENTENCES:]:
        code = _COLOURS[each.outcome] if colour else ""
        yield from worded(each.outcome.value, f"{safe(each.sentence)}{_told(each)}", code)


def _told(made: Connection) -> str:
    """What the host was told, where that was no success."""
    return "" if not made.code else f" ({made.command}: {made.code})"


def network_block(network: NetworkReport) -> Iterator[str]:
    """Every connection, messages, and results that nobody has explained yet."""
    if network.connections:
        yield "Connections that the device asked for:"
    hidden = max(0, len(network.connections) - _MOST_CONNECTIONS) + network.unlisted
    if hidden:
        yield f"  {counted(hidden, 'earlier one')}"
    for each in network.connections[-_MOST_CONNECTIONS:]:
        yield from hanging(connection_text(each))
    for count in network.messages[:_MOST_CLIENTS]:
        dropped = f", {count.dropped} dropped for want of room" if count.dropped else ""
        published = counted(count.published, "message")
        yield from hanging(
            f"{safe(count.client)}: {published} published, {count.received} received{dropped}"
        )
    yield from _troubles(network)


def connection_text(made: Connection) -> str:
    """One connection, without its reasons."""
    to = _where(made)
    return f"{seconds(made.asked_ns)} s, {safe(made.owner)}{to}: {_STATES[made.outcome](made)}"


def _where(made: Connection) -> str:
    if made.protocol in _OWN_PORTS:
        return f" {_OWN_PORTS[made.protocol]} {made.port}"
    port = f":{made.port}" if made.port else ""
    return f" to {safe(made.host)}{port}" if made.host else ""


def _open(made: Connection) -> str:
    opened = f"open at {seconds(made.opened_ns or made.asked_ns)} s{_tls(made)}"
    return f"{opened}, {made.sent_bytes} bytes out, {made.received_bytes} in{_full(made)}"


def _full(made: Connection) -> str:
    if not made.full_ns:
        return ""
    since = f", since {made.full_because}" if made.full_because else ""
    return f" (for {seconds(made.full_ns)} s the device took no more of it{since})"


def _closed(made: Connection) -> str:
    if made.opened_ns is None:
        return f"given up at {seconds(made.over_ns or made.asked_ns)} s, before it was open"
    return f"{_open(made)}, closed at {seconds(made.over_ns or made.asked_ns)} s"


def _over(made: Connection) -> str:
    over = f"{made.outcome.value} at {seconds(made.over_ns or made.asked_ns)} s"
    why = f" ({made.why})" if made.why else ""
    return f"{over}{why}" if made.opened_ns is None else f"{_open(made)}, {over}{why}"


def _waiting(_made: Connection) -> str:
    return "no answer yet"


def _tls(made: Connection) -> str:
    if made.level < 0:
        return ""
    told = ", ".join(part for part in (made.version, made.suite) if part)
    return f" ({told or 'TLS'})"


_STATES = {
    Outcome.WAITING: _waiting,
    Outcome.OPEN: _open,
    Outcome.CLOSED: _closed,
    Outcome.ENDED: _over,
    Outcome.DROPPED: _over,
    Outcome.REFUSED: _over,
    Outcome.FAILED: _over,
}


def _troubles(network: NetworkReport) -> Iterator[str]:
    """Results of clients that are no success, and that no sentence above has told."""
    rest = network.untold
    if rest:
        yield "What the host was told besides:"
    for each in rest[:_MOST_TROUBLES]:
        yield from hanging(f"{seconds(each.at_ns)} s, {safe(each.sentence)}")
    more = len(rest) - _MOST_TROUBLES + network.troubles_unlisted
    if more > 0 and rest:
        yield f"  and {more} more"
