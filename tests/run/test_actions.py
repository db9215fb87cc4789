"""What is common to all who steer a device: faults from values, patterns, places in the log."""

import re
from typing import Any

import pytest

from quecsim.errors import QuecsimError
from quecsim.faults.spec import AckLost, PowerCutFault
from quecsim.run.actions import event_pattern, find_event, first_number, make_fault
from quecsim.trace.event import Ack, CommandLine, DataBegin
from quecsim.trace.log import EventLog


def test_a_fault_from_its_kind_and_values() -> None:
    assert make_fault("power_cut", {"at_ms": 0, "off_ms": 5}) == PowerCutFault(at_ms=0, off_ms=5)
    assert make_fault(AckLost(ack=2), {}) == AckLost(ack=2)


@pytest.mark.parametrize(
    ("fault", "values", "words"),
    [
        ("powercut", {}, "there is no fault 'powercut'.*Did you mean \"power_cut\"?"),
        ("power_cut", {"at": 1}, 'unknown key "at".*at_ms'),
        ("ack_late", {"ack": 1, "delya_ms": 5}, 'unknown key "delya_ms".*mean "delay_ms"'),
        ("ack_late", {"ack": 1}, "delay_ms is missing"),
        ("ack_late", {"ack": 1, "delay_ms": "x"}, 'delay_ms must be a whole number .*, not "x"'),
        ("ack_late", {"ack": 1, "delay_ms": object()}, "delay_ms must be a whole number"),
        ("power_cut", {"at_ms": -1}, "at_ms must be a whole number from 0 .*, not -1"),
        ("power_cut", {}, "power_cut needs at_byte, at_ms or at_flash_op"),
        ("echo_on", {"x": 1}, 'unknown key "x"'),
        (AckLost(ack=0), {}, "ack must be a whole number from 1"),
        (AckLost(), {"ack": 1}, "has its values already"),
    ],
)
def test_a_fault_that_cannot_be(fault: Any, values: dict[str, Any], words: str) -> None:
    with pytest.raises(QuecsimError) as caught:
        make_fault(fault, values)
    assert re.search(words, str(caught.value), re.DOTALL)


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
