"""Whatever the host types and the world does, in whatever order: all commands that tell of the
network tell the same, what runs over a context hears of its end once, and the record repeats it.
"""

import re
from functools import cache
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from quecsim.at.clock import NEVER_SET_S
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.rig import Rig
from quecsim.run.replay import replay
from quecsim.units import ms, s
from tests.device.bench import Bench
from tests.laws.driver import law

_FINAL = re.compile(rb"\r\n(?:OK|DEACT OK|(?:\+CME )?ERROR[^\r]*)\r\n")
_COMMON = (
    "+CFUN=0", "+CFUN=4", "+CFUN=1", "+COPS=0", "+COPS=2", '+COPS=1,2,"00101"', "+CGATT=0",
    "+CGATT=1", "+CGACT=0", "+CGACT=1", "+CGACT=1,1", "+CGACT=0,1", "+CGACT=1,2", "+CGACT=0,2",
    '+CGDCONT=1,"IP","a"', '+CGDCONT=2,"IP","b"', "+CGDCONT=1", "+CGDCONT=2", "&F", "Z",
    "+CTZU=1", "+CCLK?",
)  # fmt: skip
_LTE = (
    *_COMMON, "+QIACT=1", "+QIACT=2", "+QIACT=3", "+QIACT=4", "+QIDEACT=1", "+QIDEACT=2",
    '+QICSGP=1,1,"a"', '+QICSGP=2,2,"six"', '+QICSGP=2,3,"both"',
)  # fmt: skip
_GSM = (
    *_COMMON, "+QIFGCNT=0", "+QIFGCNT=1", "+QIREGAPP", "+QIACT", "+QIACT", "+QIDEACT",
    '+QICSGP=1,"a"', '+QICSGP=0,"17201"',
)  # fmt: skip
_WORLD = (
    Rig.lose_bearer, Rig.lose_bearer, Rig.lose_registration, Rig.find_network, Rig.find_network,
    Rig.cut_power,
)  # fmt: skip
_WAITS = (ms(1), ms(300), s(1), s(3))
_TABLE = {"ec200u": _LTE, "uc200t": _LTE, "m95": _GSM}

shipped = cache(load_profile)


class Told(NamedTuple):
    """What a chain of queries says."""

    circuit: int
    packet: int
    is_attached: bool
    signal: int
    operator: str
    up: set[int]
    addresses: dict[int, str]
    used: dict[int, str]


def steps(device: str) -> st.SearchStrategy[list[Any]]:
    one = st.one_of(
        st.sampled_from(_TABLE[device]),
        st.sampled_from(_TABLE[device]),
        st.sampled_from(_WORLD),
        st.sampled_from(_WAITS),
    )
    return st.lists(one, min_size=1, max_size=14)


def type_line(bench: Bench, line: str) -> bytes:
    """What comes until the line is answered; a command that activates takes its time."""
    bench.unseen()
    bench.send(f"AT{line}\r".encode())
    said = b""
    for _ in range(1000):
        said += bench.run_for(ms(20))
        if _FINAL.search(said):
            return said
    raise AssertionError(f"no answer to {line}: {said!r}")


def queries(device: Profile) -> str:
    used = "" if device.name == "m95" else ";+QIACT?"
    return f"+CREG?;+CGREG?;+CGATT?;+CSQ;+COPS?;+CGACT?;+CGPADDR{used}"


def told(bench: Bench, device: Profile) -> Told:
    text = type_line(bench, queries(device)).decode()

    def found(pattern: str) -> list[tuple[str, ...]]:
        return re.findall(rf"^{pattern}\r$", text, re.MULTILINE)

    def one(pattern: str) -> str:
        (value,) = found(pattern)
        return str(value)

    return Told(
        circuit=int(one(r"\+CREG: 0,(\d)")),
        packet=int(one(r"\+CGREG: 0,(\d)")),
        is_attached=one(r"\+CGATT: (\d)") == "1",
        signal=int(one(r"\+CSQ: (\d+),\d+")),
        operator=one(r"\+COPS: (.*)"),
        up={int(number) for number, on in found(r"\+CGACT: (\d+),(\d)") if on == "1"},
        addresses={int(number): a for number, a in found(r'\+CGPADDR: (\d+),"(.*)"')},
        used={int(number): a for number, a in found(r'\+QIACT: (\d+),1,1,"(.*)"')},
    )


def check(bench: Bench, device: Profile) -> None:
    bearer = bench.rig.device.context.bearer
    before = bearer.standing
    told_now = told(bench, device)
    if bearer.standing is not before:
        return  # it has found its network between two of the queries
    is_registered = told_now.circuit in (1, 5)
    assert told_now.is_attached == (told_now.packet in (1, 5))
    assert told_now.packet in (told_now.circuit, 0)
    assert (told_now.signal != 99) == is_registered
    assert ("," in told_now.operator) == is_registered
    assert told_now.is_attached or not told_now.up
    assert set(told_now.addresses) == told_now.up
    assert told_now.used.items() <= told_now.addresses.items()
    assert bearer.used == (set(told_now.used) if device.name != "m95" else bearer.used)
    if device.name == "m95":
        check_address(bench, told_now)


def check_address(bench: Bench, told_now: Told) -> None:
    """+QILOCIP of the context in the foreground, which is one of those that are up."""
    bench.unseen()
    bench.send(b"AT+QILOCIP\r")
    said = bench.run_for(ms(100)).decode().split("\r\n")[1]
    assert said == "ERROR" or said in told_now.addresses.values()


@law(60)
@given(
    st.sampled_from(sorted(_TABLE)).flatmap(lambda name: st.tuples(st.just(name), steps(name))),
    st.sampled_from([True, True, False]),
    st.sampled_from([None, NEVER_SET_S, 1_780_272_000]),
)
def test_all_tell_the_same_and_the_record_repeats_it(
    case: tuple[str, list[Any]], has_network: bool, clock_s: int | None
) -> None:
    name, script = case
    device = shipped(name)
    bench = Bench(device, ipr=115_200, has_network=has_network, clock_s=clock_s)
    losses: list[int] = []
    bearer = bench.rig.device.context.bearer
    bearer.on_down.append(lambda numbers, _why: losses.extend(numbers))
    for step in script:
        used = set(bearer.used)
        if isinstance(step, int):
            bench.run_for(step)
        elif isinstance(step, str):
            type_line(bench, step)
        else:
            step(bench.rig, bench.now_ns)
            if step is Rig.cut_power:
                bench.rig.power_on(bench.now_ns)
                bench.run_for(s(60))
        assert sorted(losses) == sorted(used - bearer.used)
        losses.clear()
        check(bench, device)
    bench.rig.finish(bench.now_ns)
    record = bench.record()
    again = replay(record)
    assert (again.same, again.was, again.now) == (len(record), None, None)
