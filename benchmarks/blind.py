"""Blind tests of the long part of `quecsim probe`: drawn devices with hidden values, virtual time.

    python -m benchmarks.blind              100 draws: what is found, how often its interval holds
    python -m benchmarks.blind --draws 10 --first 40 --show

A draw is a shipped device with another ring, other RTS levels, latencies, flash times, rate, echo,
habits of its file commands, and stalls of its own. The probe has the shipped device to begin with
and the port, and nothing else. What it says is then held against what was drawn.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import serial
from msgspec.structs import replace

import quecsim
from benchmarks.blind_truth import Truth, true_stalls
from benchmarks.measure import Measurement
from benchmarks.sizes import Sizes
from quecsim.probe import deaf, lag, latency, long, ring, stalls, stores, unread, watermarks
from quecsim.probe.bench import Bench
from quecsim.probe.finding import Finding
from quecsim.probe.plan import Plan
from quecsim.probe.probe import run_probe
from quecsim.probe.step import Step
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import FlashSettings, Line, Ring, Scenario, Stall, Timing

WANTED_OF_100 = 95
_FAMILIES = (
    "ec200u", "ec600u", "eg915u", "ec200t", "ec200s", "uc200t", "eg912y", "ec600n", "m95",
    "fcm242d", "fgm842d",
)  # fmt: skip
_TIMINGS: tuple[Timing, ...] = ("typical", "worst", "drawn")
_SLOW_BAUD = 115_200
_LEAST_ROOM_BYTES = 40  # the command that begins an upload is in the ring, too
_MS, _US = 1_000_000, 1_000


@dataclass(frozen=True, slots=True)
class Hidden:
    """A drawn device: the shipped one that it is made of, and the scenario that it runs in."""

    number: int
    base: str
    scenario: Scenario
    baud: int
    has_echo: bool

    @property
    def profile(self) -> Profile:
        """The device's own values."""
        return self.scenario.profile()


def draw(number: int) -> Hidden:
    """The device of that number: always the same one."""
    dice = random.Random(f"blind {number}")
    base = dice.choice(_FAMILIES)
    profile = load_profile(base)
    bauds = [baud for baud in profile.uart.bauds if 57_600 <= baud <= 460_800]
    baud = dice.choice(bauds)
    profile = replace(
        profile,
        uart=replace(profile.uart, **_drawn_uart(dice, profile, baud)),
        at=replace(profile.at, **_drawn_at(dice, profile)),
        flash=replace(profile.flash, **_drawn_flash(dice, profile)),
        files=replace(profile.files, **_drawn_files(dice, profile)),
    )
    made = make_scenario(base, seed=number, stalls=_drawn_stalls(dice, max(profile.uart.bauds)))
    made = replace(
        made,
        device_profile=profile,
        ring=Ring(),
        flash=FlashSettings(dice.choices(_TIMINGS, [7, 2, 1])[0]),
        line=Line(lag_bytes=dice.choice([1, 1, 2, 16, 31, 64])),
    )
    return Hidden(number, base, made, baud, dice.random() < 0.5)


def _drawn_uart(dice: random.Random, profile: Profile, baud: int) -> dict[str, Any]:
    size = round(2 ** dice.uniform(8, 14))
    drawn: dict[str, Any] = {"rx_ring_bytes": size, "baud": baud}
    if 2 in profile.uart.ifc_values:
        off = dice.randint(size // 2, size - _LEAST_ROOM_BYTES)
        drawn |= {
            "rts_off_bytes": off,
            "rts_on_bytes": dice.randint(off // 10, off - 5),
            "reopen_ms": dice.choice([0, dice.randint(1, 30), dice.randint(30, 900)]),
            "tx_drop_ms": dice.randint(100, 3000),
        }
    return drawn


def _drawn_at(dice: random.Random, profile: Profile) -> dict[str, Any]:
    return {
        "command_latency_us": round(10 ** dice.uniform(2.3, 4.5)),
        "lf_wait_ms": dice.choice([0, dice.randint(5, 60)]) if profile.at.lf_wait_ms else 0,
        "echo_lf": dice.random() < 0.5,
    }


def _drawn_flash(dice: random.Random, profile: Profile) -> dict[str, Any]:
    page_us, erase_ms = round(10 ** dice.uniform(2.6, 3.5)), dice.randint(15, 250)
    return {
        "program_page_typ_us": page_us,
        "program_page_max_us": round(page_us * dice.uniform(1, 1.2)),
        "erase_block_typ_ms": erase_ms,
        "erase_block_max_ms": round(erase_ms * dice.uniform(1, 1.2)),
        "read_byte_ns": round(profile.flash.read_byte_ns * dice.uniform(0.6, 1.4)),
    }


def _drawn_files(dice: random.Random, profile: Profile) -> dict[str, Any]:
    block = dice.choice([4096, 4096, 4096, 2048])
    blocks = profile.files.block_count * profile.files.block_bytes // block
    return {
        "data_buffer_bytes": dice.choice([1024, 2048, 3000, 4096]),
        "block_bytes": block,
        "block_count": blocks,
        "list_order": dice.choice(["name", "created"]),
        "list_prefix": dice.random() < 0.5,
        "upload_timeout": dice.choice(["cme421", "summary_then_421", "summary_ok"]),
        "write_timeout": dice.choice(["cme421", "summary_then_421", "summary_ok"]),
        "ack_framing": dice.choice(["bare", "crlf"]),
        "ack_final_full_block": dice.random() < 0.5,
        "surplus": dice.choice(["command", "discard"]),
        "checksum_padded": dice.random() < 0.5,
        "write_blank_line": dice.random() < 0.5,
    }


def _drawn_stalls(dice: random.Random, fastest: int) -> list[Stall]:
    if dice.random() < 0.6:
        return []
    shortest = 50 if fastest <= _SLOW_BAUD else 12
    length = round(shortest * 10 ** dice.uniform(0, 1))
    return [Stall(stall_ms=length, every_bytes=dice.randint(150, 6000))]


# what is asked


@dataclass(frozen=True, slots=True)
class Quantity:
    """One value of the profile, or of the uploads: right where it is as near to the true one."""

    name: str
    key: str
    step: Step
    wanted: str
    off_by: float = 0  # in the value's own unit
    off_part: float = 0  # or so many parts of it, whichever is more
    unit: str = ""

    def is_right(self, value: float, true: float) -> bool:
        """Whether it is near enough."""
        return abs(value - true) <= max(self.off_by, self.off_part * true)

    def off(self, value: float, true: float) -> float:
        """How far it is off: in its unit, or as a part where it may be so many parts off."""
        return abs(value - true) / (true or 1) if self.off_part else abs(value - true)


QUANTITIES = (
    Quantity("ring", ring.KEY, ring.STEP, "1 byte", 1, unit="bytes"),
    Quantity("RTS off", watermarks.OFF, watermarks.STEP, "1 byte", 1, unit="bytes"),
    Quantity("RTS on", watermarks.ON, watermarks.STEP, "1 byte", 1, unit="bytes"),
    Quantity("host's lag", lag.LAG, lag.STEP, "1 byte", 1, unit="bytes"),
    Quantity("stall", stalls.LENGTH, stalls.STEP, "5 %", 0, 0.05, "ms"),
    Quantity("all stalls", stalls.PLACES, stalls.STEP, "place 1 byte, 5 %", 1, 0.05),
    Quantity("buffer", stalls.BUFFER, stalls.STEP, "exact", unit="bytes"),
    Quantity("erase", stores.ERASE, stores.STEP, "5 %", 0.5, 0.05, "ms"),
    Quantity("page", stores.PROGRAM, stores.STEP, "5 %", 0, 0.05, "us"),
    Quantity("flash block", stores.BLOCK, stores.STEP, "exact", unit="bytes"),
    Quantity("latency", latency.LATENCY, latency.STEP, "5 %", 100, 0.05, "us"),
    Quantity("LF wait", latency.LF_WAIT, latency.STEP, "1 ms", 1, unit="ms"),
    Quantity("deaf", deaf.KEY, deaf.STEP, "1 ms", 1, unit="ms"),
    Quantity("unsent kept", unread.KEY, unread.STEP, "1 %", 2, 0.01, "ms"),
)


@dataclass(frozen=True, slots=True)
class Score:
    """How a quantity came out in a draw. `off` is by how much it is wrong, in its unit or in parts
    of the true value; `holds` is None where no interval was claimed.
    """

    is_right: bool
    holds: bool | None
    off: float
    text: str


@dataclass(slots=True)
class Drawn:
    """A draw, probed: the scores by the quantity's name, and what each step took."""

    hidden: Hidden
    scores: dict[str, Score] = field(default_factory=dict)
    virtual_s: dict[str, float] = field(default_factory=dict)
    processor_s: dict[str, float] = field(default_factory=dict)
    not_restored: list[str] = field(default_factory=list)


def probe(hidden: Hidden, steps: tuple[Step, ...] = long.STEPS) -> Drawn:
    """The device on the bench, and what the steps make of it."""
    drawn = Drawn(hidden)
    with quecsim.open_virtual(scenario=hidden.scenario) as device:
        port = serial.serial_for_url(device.url, hidden.baud, timeout=0.05)
        bench = Bench(port, base=load_profile(hidden.base))
        assert bench.sync()
        if not hidden.has_echo:
            assert any(bench.command(text).ok for text in ("ATE0", "AT+QECHO=0"))
        watch = _Watch(bench, drawn)
        probed = run_probe(bench, Plan(steps), watch.begin)
        watch.end()
        drawn.not_restored = probed.not_restored
    truth = truth_of(hidden, steps)
    for quantity in QUANTITIES:
        if quantity.step in steps and quantity.key in truth.values:
            drawn.scores[quantity.name] = scored(quantity, probed.findings[quantity.key], truth)
    return drawn


class _Watch:
    """Takes the time of each step."""

    def __init__(self, bench: Bench, drawn: Drawn) -> None:
        self._bench = bench
        self._drawn = drawn
        self._name = ""
        self._since = (0, 0.0)

    def begin(self, step: Step, _done_s: int, _all_s: int) -> None:
        """A step begins, and so the one before is over."""
        self.end()
        self._name = step.name
        self._since = self._bench.now_ns(), time.process_time()

    def end(self) -> None:
        """The last one is over."""
        if self._name:
            since_ns, since_s = self._since
            self._drawn.virtual_s[self._name] = (self._bench.now_ns() - since_ns) / 1e9
            self._drawn.processor_s[self._name] = time.process_time() - since_s


def truth_of(hidden: Hidden, steps: tuple[Step, ...]) -> Truth:
    """What was drawn, by key."""
    profile, flash, timing = hidden.profile, hidden.profile.flash, hidden.scenario.flash.timing
    share = {"typical": 0.0, "worst": 1.0, "drawn": 0.5}[timing]

    def middle(low: int, high: int) -> float:
        return low + share * (high - low)

    values: dict[str, Any] = {
        ring.KEY: profile.uart.rx_ring_bytes,
        latency.LATENCY: profile.at.command_latency_us,
        latency.LF_WAIT: profile.at.lf_wait_ms,
        stores.PROGRAM: middle(flash.program_page_typ_us, flash.program_page_max_us),
        stores.ERASE: middle(flash.erase_block_typ_ms, flash.erase_block_max_ms),
    }
    if "upload" in profile.commands.families:  # it takes the times of ACK mode
        values[stores.BLOCK] = profile.files.block_bytes
    if 2 in profile.uart.ifc_values:
        values |= {
            watermarks.OFF: profile.uart.rts_off_bytes,
            watermarks.ON: profile.uart.rts_on_bytes,
            lag.LAG: hidden.scenario.line.lag_bytes,
            deaf.KEY: profile.uart.reopen_ms,
            unread.KEY: profile.uart.tx_drop_ms,
        }
    if stalls.STEP not in steps:
        return Truth(values, {}, 0)
    lengths = true_stalls(hidden.scenario, hidden.baud)
    values |= {stalls.PLACES: lengths, stalls.LENGTH: None, stalls.BUFFER: None}
    if not hidden.scenario.stalls:
        values[stalls.BUFFER] = profile.files.data_buffer_bytes
    else:
        del values[stalls.BUFFER]
    fastest = max(baud for baud in (hidden.baud, *profile.uart.bauds) if baud <= 921_600)
    return Truth(values, lengths, fastest)


def scored(quantity: Quantity, finding: Finding, truth: Truth) -> Score:
    """One finding against the truth."""
    if not finding.is_measured:
        return Score(truth.shows_nothing(quantity.key), None, 0, finding.why_not)
    if quantity.key == stalls.PLACES:
        return _scored_places(finding, truth)
    true = truth.of(quantity.key, finding)
    off = quantity.off(finding.value, true)
    holds = None if finding.low is None else finding.low <= true <= finding.high
    text = f"{finding.value:g} for {true:g} ({finding.low} .. {finding.high})"
    return Score(quantity.is_right(finding.value, true), holds, off, text)


def _scored_places(finding: Finding, truth: Truth) -> Score:
    """Each stall at its place and as long as it is, and none missing that must show."""
    worst, problems = 0.0, []
    for place, length_ms in finding.value:
        span = truth.stall_at(place)
        if span is None:
            problems.append(f"none at {place}")
            continue
        off = max(span.low_ms - length_ms, length_ms - span.high_ms, 0) / span.high_ms
        worst = max(worst, off)
        if off > 0.05:
            problems.append(f"{length_ms} at {place} for {span.low_ms:.1f} .. {span.high_ms:.1f}")
    found = [place for place, _ in finding.value]
    problems += [f"missed that at {place}" for place in truth.missed(found)]
    return Score(not problems, None, worst, "; ".join(problems) or "all there")


# in all


@dataclass(frozen=True, slots=True)
class Row:
    """A quantity over all draws: of `tried`, so many are `right`; of `claimed` intervals, so many
    hold; the worst of those that were measured is `worst` off.
    """

    quantity: Quantity
    tried: int
    right: int
    claimed: int
    held: int
    worst: float
    virtual_min: float
    processor_s: float

    @property
    def worst_text(self) -> str:
        """The worst with its unit."""
        if self.quantity.off_part:
            return f"{self.worst:.1%}"
        return f"{self.worst:g} {self.quantity.unit}"

    @property
    def text(self) -> str:
        """A line of the table."""
        return (
            f"{self.quantity.name:12} {self.quantity.wanted:18} {self.right:4} of {self.tried:<4}"
            f" {self.held:4} of {self.claimed:<4} {self.worst_text:>11} {self.virtual_min:8.1f}"
            f" {self.processor_s:8.1f}"
        )


def rows(draws: list[Drawn]) -> list[Row]:
    """One for each quantity; virtual minutes and processor seconds are those of its step."""
    return [_row(quantity, draws) for quantity in QUANTITIES]


def _row(quantity: Quantity, draws: list[Drawn]) -> Row:
    scores = [one.scores[quantity.name] for one in draws if quantity.name in one.scores]
    claims = [score.holds for score in scores if score.holds is not None]
    step = quantity.step.name
    return Row(
        quantity,
        len(scores),
        sum(score.is_right for score in scores),
        len(claims),
        sum(claims),
        max((score.off for score in scores), default=0),
        sum(one.virtual_s.get(step, 0) for one in draws) / 60,
        sum(one.processor_s.get(step, 0) for one in draws),
    )


HEAD = (
    f"{'':12} {'wanted':18} {'right':12} {'holds':12} {'worst':>11} {'virt min':>8} {'proc s':>8}"
)


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """For `python -m benchmarks`: how many of 100 are right, and how many intervals hold."""
    draws = [probe(draw(number)) for number in range(sizes.blind_draws)]
    for row in rows(draws):
        if not row.tried:
            continue
        detail = (
            f"within {row.quantity.wanted}: {row.right} of {row.tried}, worst {row.worst_text}; "
            f"{row.virtual_min:.0f} virtual min, {row.processor_s:.0f} processor s"
        )
        right, name = 100 * row.right / row.tried, f"blind {row.quantity.name}"
        is_counted = sizes.blind_draws >= 100
        need = WANTED_OF_100 if is_counted else None
        yield Measurement(name, right, "of 100 right", detail, need, 100, is_more_better=True)
        if row.claimed:
            held = 100 * row.held / row.claimed
            name = f"{name}, interval"
            yield Measurement(name, held, "of 100 hold", "", need, 100, is_more_better=True)


def main() -> int:
    """Print the table; 1 where something falls short."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.blind", description=__doc__)
    parser.add_argument("--draws", type=int, default=100, help="how many (100)")
    parser.add_argument("--first", type=int, default=0, help="the number of the first (0)")
    parser.add_argument("--show", action="store_true", help="what was not right, draw by draw")
    options = parser.parse_args()
    draws: list[Drawn] = []
    for number in range(options.first, options.first + options.draws):
        draws.append(probe(draw(number)))
        if options.show:
            _show(draws[-1])
    table = rows(draws)
    print(HEAD)
    print("\n".join(row.text for row in table))
    print(f"not put back in {sum(bool(one.not_restored) for one in draws)} of {len(draws)} draws")
    return 0 if all(_is_enough(row) for row in table) else 1


def _is_enough(row: Row) -> bool:
    return (
        100 * row.right >= WANTED_OF_100 * row.tried
        and 100 * row.held >= WANTED_OF_100 * row.claimed
    )


def _show(drawn: Drawn) -> None:
    hidden = drawn.hidden
    took = ", ".join(f"{name} {span:.1f}" for name, span in drawn.processor_s.items())
    print(f"draw {hidden.number}: {hidden.base} (processor s: {took})", file=sys.stderr)
    for name, score in drawn.scores.items():
        if not score.is_right or score.holds is False:
            print(f"  {name}: {score.text}", file=sys.stderr)
    for words in drawn.not_restored:
        print(f"  not put back: {words}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
