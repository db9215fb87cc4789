"""What differs between two runs is told, causes first; what does not is not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.report.builder import ReportBuilder
from quecsim.report.comparison import Comparison, Kind, Run, compare
from quecsim.report.comparison.host import _parting
from quecsim.trace.event import DeviceLine, Start
from quecsim.units import s
from tests.cli.test_report import record
from tests.report.story import Story


def run(name: str, scenario: str, **options: Any) -> Run:
    events = record(scenario, **options)
    builder = ReportBuilder()
    builder.feed(events)
    start = events[0]
    assert isinstance(start, Start)
    return Run(name, events, builder.report(profile=start.profile))


@pytest.fixture(scope="module")
def lossy() -> Run:
    return run("lossy", "thread-57329")


@pytest.fixture(scope="module")
def cured(lossy: Run) -> Comparison:
    return compare(lossy, run("cured", "thread-57329", flow="rtscts", ifc=(2, 2)))


def values(found: Comparison, kind: Kind) -> dict[str, tuple[str, str]]:
    return {each.what: (each.before, each.after) for each in found.of(kind)}


def test_a_run_is_like_itself(lossy: Run) -> None:
    found = compare(lossy, lossy)
    assert found.differences == []
    assert found.sentence == "Both came out alike. Set-up and host were the same."


def test_the_cure_is_told_as_a_cause_and_the_file_as_what_came_of_it(cured: Comparison) -> None:
    assert cured.sentence.startswith("ca.pem was lost (153 bytes) before, and is intact after.")
    assert "set-up: host_flow (auto -> rtscts)" in cured.sentence
    outcome = values(cured, Kind.OUTCOME)
    assert outcome["ca.pem: lost"] == ("153 bytes in 1 place, the first at byte 1024", "none")
    assert outcome["ca.pem: answer"] == ("+CME ERROR: 421", "OK")
    assert outcome["ca.pem: host held by flow control"][0] == "never"


def test_causes_come_first(cured: Comparison) -> None:
    order = [list(Kind).index(each.kind) for each in cured.differences]
    assert order == sorted(order)


def test_another_ring_is_named_by_its_value_in_the_profile(lossy: Run) -> None:
    found = compare(lossy, run("larger", "thread-57329", ring_bytes=2048))
    assert values(found, Kind.SETUP)["uart.rx_ring_bytes"] == ("512", "2048")
    assert found.sentence.startswith("ca.pem was lost (153 bytes) before, and is intact after.")


def test_the_other_way_round_it_says_the_reverse(lossy: Run) -> None:
    found = compare(run("larger", "thread-57329", ring_bytes=2048), lossy)
    assert found.sentence.startswith("ca.pem was intact before, and is lost (153 bytes) after.")


def test_another_device_does_not_drown_everything_else(lossy: Run) -> None:
    found = compare(lossy, run("other", "typical-flash", device="ec200t"))
    assert len(found.of(Kind.SETUP)) <= 40
    assert found.unlisted > 0
    assert values(found, Kind.SETUP)["device"] == ("ec200u", "ec200t")


def test_a_start_of_the_device_is_nothing_that_the_host_did() -> None:
    kept, restarted = (_talk(command) for command in (b"AT\r", b"AT+CFUN=1,1\r"))
    assert any(isinstance(event, DeviceLine) for event in restarted.events)
    assert "the device's line" not in values(compare(kept, restarted), Kind.HOST)


def test_a_rate_that_the_host_sets_is() -> None:
    found = values(compare(_talk(b"AT\r"), _talk(b"AT+IPR=9600\r")), Kind.HOST)
    assert found["the device's line"] == ("not told", "9600 8N1, AT+IFC=0,0")


def _talk(command: bytes) -> Run:
    story = Story().say(0, command).wait(s(20))
    return Run(command.decode(), story.events, story.report)


@given(a=st.binary(max_size=40), b=st.binary(max_size=40), same=st.binary(max_size=40))
def test_where_two_streams_part(a: bytes, b: bytes, same: bytes) -> None:
    place = _parting(same + a, same + b)
    assert place >= len(same)
    assert (same + a)[:place] == (same + b)[:place]
    assert (same + a)[place : place + 1] != (same + b)[place : place + 1] or place == min(
        len(same + a), len(same + b)
    )
