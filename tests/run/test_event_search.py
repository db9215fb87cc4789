"""Which event, and where to look for it."""

import pytest

from quecsim.errors import QuecsimError
from quecsim.run.event_search import event_pattern, find_event, first_number
from quecsim.trace.event import Ack, CommandLine, DataBegin
from quecsim.trace.log import EventLog


def test_names_and_commands_as_a_host_spells_them() -> None:
    begin = DataBegin(0, 0, "+QFUPL", "ca.pem", 1, True, 0)
    assert event_pattern("DataBegin", {"name": "ufs:/ca.pem"}).matches(begin)
    line = CommandLine(0, 0, 9, "+QFUPL=1,2")
    assert event_pattern(CommandLine, {"text": "AT+QFUPL*"}).matches(line)
    assert event_pattern("CommandLine", {"text": "+QFUPL*"}).matches(line)
    assert not event_pattern("CommandLine", {"text": "AT+QFLST*"}).matches(line)


def test_since_when() -> None:
    log = EventLog()
    log.feed(Ack(n, n) for n in range(5))
    assert first_number(log, "now") == 5
    assert first_number(log, "start") == 0
    assert first_number(log, Ack(2, 2)) == 3
    assert first_number(log, Ack(9, 9)) == 0  # not kept: all that is kept came after it
    with pytest.raises(QuecsimError, match="since='later' cannot be"):
        first_number(log, "later")  # type: ignore[arg-type]


def test_the_first_that_matches() -> None:
    log = EventLog()
    log.feed(Ack(n, n % 2) for n in range(5))
    pattern = event_pattern("Ack", {"received": 1})
    assert find_event(log, pattern, 0) == (1, Ack(1, 1))
    assert find_event(log, pattern, 2) == (3, Ack(3, 1))
    assert find_event(log, pattern, 4) is None
