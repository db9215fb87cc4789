"""Scripted messages: in the order of their times, and of the settings where these are equal."""

from hypothesis import given
from hypothesis import strategies as st

from quecsim.peers.mqtt_script import Script
from quecsim.peers.mqtt_settings import ScriptedMessage
from quecsim.units import MS

messages = st.builds(
    lambda at_ms, is_after, every_ms, times: ScriptedMessage(
        topic="a",
        at_ms=None if is_after else at_ms,
        after_ms=at_ms if is_after else None,
        every_ms=every_ms,
        times=times,
    ),
    st.integers(0, 50),
    st.booleans(),
    st.integers(1, 20),
    st.integers(1, 4),
)


def drained(script: Script) -> list[tuple[int, ScriptedMessage]]:
    found = []
    while (at_ns := script.deadline_ns()) is not None:
        found.append((at_ns, script.take()))
    return found


@given(st.lists(messages, max_size=8), st.integers(0, 1000))
def test_each_comes_as_often_and_when_it_says(wanted: list[ScriptedMessage], begin_ns: int) -> None:
    script = Script(wanted)
    script.begin(begin_ns)
    script.begin(begin_ns + 7)  # a second client changes nothing
    expected = sorted(
        (
            ((each.at_ms or 0) + (each.after_ms or 0) + turn * (each.every_ms or 0)) * MS
            + (begin_ns if each.at_ms is None else 0),
            number,
        )
        for number, each in enumerate(wanted)
        for turn in range(each.times)
    )
    assert [(at_ns, message) for at_ns, message in drained(script)] == [
        (at_ns, wanted[number]) for at_ns, number in expected
    ]


def test_without_a_client_only_the_clock_counts() -> None:
    waits, comes = ScriptedMessage(topic="a", after_ms=1), ScriptedMessage(topic="b", at_ms=5)
    assert drained(Script([waits, comes])) == [(5 * MS, comes)]
