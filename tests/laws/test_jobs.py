"""Jobs, data that goes elsewhere, and news: however the host's bytes are cut and whoever looks, the
run is the same, and every byte is somewhere.
"""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.flash.timing import FlashMode
from quecsim.profiles.loader import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.trace.event import Event, Forwarded, HostBytes, JobBegin, JobEnd, Stored
from quecsim.units import ms, s
from tests.device.bench import job_news
from tests.device.trial_commands import trial_commands

EC200U = load_profile("ec200u")

LINES = st.sampled_from(
    [
        b"AT\r",
        b"AT+TSTORE=2\r",
        b"AT+TWAIT=300\r",
        b"AT+TCOUNT=700\r",
        b"AT+TPROMPT\r",
        b"AT+TLINK\r",
        b"AT+TFORGET\r",
        b'AT+QFUPL="x",600,1\r',
        b'AT+TSTORE=3;+QFUPL="y",3000,1\r',
        b"+++",
        b"\x1a",
        b"\x1b",
    ]
)
DATA = st.integers(1, 1500).map(lambda count: b"d" * count)
NEWS = st.sampled_from([("credit", 1), ("down", b"from the peer"), ("news", "hello")])
STEPS = st.lists(
    st.tuples(
        st.integers(0, ms(1500)),
        st.one_of(LINES, DATA, NEWS, st.sampled_from(["dtr", "cut", "on"])),
    ),
    max_size=25,
)


@pytest.fixture(autouse=True, scope="module")
def _trials() -> Iterator[None]:
    with trial_commands():
        yield


def play(steps: list[tuple[int, object]], looks_ns: int) -> tuple[list[Event], bytes]:
    """The record and the output; `looks_ns`: how often somebody looks in between."""
    rig = Rig(EC200U, RigConfig(flash_mode=FlashMode.DRAWN, seed=3))
    rig.start()
    events: list[Event] = []
    output = bytearray()
    now_ns = 0

    def look(at_ns: int) -> None:
        rig.advance(at_ns)
        events.extend(rig.take_events())
        output.extend(b"".join(run.data for run in rig.take_output()))

    for pause_ns, step in [*steps, (s(100), b"")]:
        end_ns = now_ns + pause_ns
        if looks_ns:
            for at_ns in range(now_ns, end_ns, looks_ns):
                look(at_ns)
        now_ns = end_ns
        rig.advance(now_ns)
        act(rig, now_ns, step)
    look(now_ns)
    rig.finish(now_ns)
    events.extend(rig.take_events())
    return events, bytes(output)


def act(rig: Rig, now_ns: int, step: object) -> None:
    if isinstance(step, bytes):
        if step:
            rig.host_write(now_ns, step)
    elif isinstance(step, tuple):
        job_news(rig, now_ns, *step)
    elif step == "dtr":
        rig.host_dtr(now_ns, is_on=False)
        rig.host_dtr(now_ns, is_on=True)
    elif step == "cut":
        rig.cut_power(now_ns)
    elif rig.device.power == "off":
        rig.power_on(now_ns)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.integers(ms(3), ms(400)))
def test_nobody_can_tell_who_looked(steps: list[tuple[int, object]], looks_ns: int) -> None:
    assert play(steps, looks_ns) == play(steps, 0)


@settings(max_examples=100, deadline=None)
@given(STEPS)
def test_every_byte_is_somewhere_and_every_job_ends(steps: list[tuple[int, object]]) -> None:
    """The rig checks the law after every step; here the events must say the same."""
    events, _ = play(steps, 0)
    sent = sum(len(event.data) for event in events if isinstance(event, HostBytes))
    counters = events[-1].counters  # type: ignore[union-attr]
    assert counters["sent"] == sent
    forwarded = sum(event.count for event in events if isinstance(event, Forwarded))
    assert forwarded == counters.get("forwarded", 0)
    assert sum(e.count for e in events if isinstance(e, Stored)) == counters["stored"]
    begun = [event.job for event in events if isinstance(event, JobBegin)]
    ended = [event.job for event in events if isinstance(event, JobEnd)]
    assert len(set(ended)) == len(ended)
    assert set(ended) <= set(begun)
