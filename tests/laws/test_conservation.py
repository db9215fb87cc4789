"""Every byte that the host sent is in exactly one place, at every moment, whatever happens."""

from collections import Counter

from hypothesis import example, given, target

from quecsim.device.power import PowerState
from quecsim.trace.event import CommandLine, Eaten, End, HostBytes, Lost, Noise, Power, Stored
from quecsim.units import ms, s
from tests.laws.driver import PLACES, CutPower, PowerOn, Run, Setup, Step, Write, law, play
from tests.laws.strategies import TARGET, cases, pattern

TORN: list[Step] = [
    (0, Write(b'AT+QFUPL="b",9000,5\r')),
    (ms(40), Write(pattern(7000))),
    (ms(200), CutPower()),
    (ms(10), Write(b"nobody there")),
    (ms(500), PowerOn()),
    (s(12), Write(b"AT\r")),
]


def assert_conserved(run: Run, script: list[Step]) -> None:
    """`play` has looked at the sum after every step; here the events are held against it."""
    counters = run.counters
    written = sum(len(action.data) for _, action in script if isinstance(action, Write))
    assert counters["sent"] == written == sum(len(e.data) for e in run.of(HostBytes))
    inserted = sum(event.count for event in run.of(Noise) if event.what == "inserted")
    assert counters.get("inserted", 0) == inserted
    assert counters["sent"] + inserted == sum(counters.get(place, 0) for place in PLACES)
    assert min(counters.values()) >= 0
    assert run.of(End)[-1].counters == counters

    lost: Counter[str] = Counter()
    for event in run.of(Lost):
        lost[event.cause] += event.count
    assert lost == {name[5:]: n for name, n in counters.items() if name.startswith("lost_")}
    assert sum(lost.values()) == counters["lost"]

    eaten = sum(event.count for event in run.of(CommandLine, Eaten))
    assert counters["eaten"] == eaten
    if not lost["power"] and not lost["storage"]:
        assert sum(event.count for event in run.of(Stored)) == counters["stored"]


def assert_sound(run: Run, setup: Setup) -> None:
    """Only a power cut leaves something half done; what came of the upgrades has a name."""
    cuts = [event for event in run.of(Power) if event.why in ("power cut", "power lost", "reset")]
    assert cuts or run.power is not PowerState.DEAD
    assert cuts or all(is_good for is_good, _ in run.secrets.values())
    assert run.power in (PowerState.ON, PowerState.OFF, PowerState.DEAD)
    assert run.revision in (setup.profile.identity.revision, TARGET)


@law(250)
@given(cases())
@example((Setup(), TORN))
def test_every_byte_is_somewhere(case: tuple[Setup, list[Step]]) -> None:
    setup, script = case
    run = play(setup, script)
    assert_conserved(run, script)
    assert_sound(run, setup)
    target(run.counters["lost"], label="lost")


def test_a_torn_upload_is_accounted_for() -> None:
    run = play(Setup(), TORN)
    assert_conserved(run, TORN)
    assert [event.why for event in run.of(Power)] == [
        "already up", "power cut", "power on", "ready",
    ]  # fmt: skip
    assert run.counters["lost_power"] > 0
    assert run.counters["lost_off"] > len(b"nobody there")  # and the rest of the data
    assert run.files[0][0] == "b"
    assert pattern(7000).startswith(run.files[0][1])
