"""Hypothesis strategies for what an uploader meets: payloads, hosts' schedules, lines, trouble.

Everything is simplest first, so that Hypothesis' own shrinking ends at a small case with few faults
and round numbers. `scenarios()` draws whole scenarios; `show` puts one into the failure's text, as
a file that can be kept. docs/FUZZING.md tells how to use them.

Drawn trouble stays within what a right host can live with, or must at least notice: no stop is
longer than the time-outs that the documents give.
"""

from base64 import b64encode
from collections.abc import Collection
from typing import Any

from msgspec.structs import replace

from quecsim.errors import QuecsimError
from quecsim.faults.catalogue import KINDS
from quecsim.faults.fault import DATA_BYTES, Fault, Options
from quecsim.profiles.quirks import QUIRKS, Quirks
from quecsim.profiles.schema import Profile
from quecsim.profiles.toml_check import did_you_mean
from quecsim.scenario.faults import has_use
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import (
    Buffer,
    DeviceSettings,
    FlashSettings,
    Host,
    Line,
    Ring,
    Scenario,
    Stall,
)
from quecsim.scenario.text import scenario_text
from quecsim.testing.ble_strategies import others
from quecsim.testing.write_schedule import WriteSchedule
from quecsim.uart.port_kind import port_kind

try:
    from hypothesis import note
    from hypothesis import strategies as st
except ImportError:
    raise QuecsimError(
        "the strategies need Hypothesis", hint="pip install 'quecsim[fuzz]'"
    ) from None

_PEM_LINE_BYTES = 48  # 64 characters of Base64
_PEM_HEAD, _PEM_TAIL = "-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n"
_ROUND_BYTES = (1, 10, 100, 500, 1000, 1024, 1025, 2000, 2048, 2049, 4096)
_LONGEST_STALL_MS = 1000


# payloads


def payloads(max_bytes: int = 4096) -> st.SearchStrategy[bytes]:
    """Files that people upload: plain text, PEM-like, binary, and those with awkward bytes."""
    plain = _sizes(max_bytes).map(lambda size: b"a" * size)
    binary = st.tuples(_sizes(max_bytes), st.integers(0, 255)).map(lambda drawn: _pattern(*drawn))
    kinds = [plain, pem_like(max_bytes), awkward_payloads(max_bytes), binary]
    return st.one_of(kinds)


def pem_like(max_bytes: int = 4096) -> st.SearchStrategy[bytes]:
    """Text in the form of a certificate, with LF or CR LF at its line ends."""
    most = max(1, (max_bytes - len(_PEM_HEAD) - len(_PEM_TAIL)) // 70)
    return st.builds(
        _pem, st.integers(1, most), st.integers(0, 255), st.sampled_from(["\n", "\r\n"])
    )


def awkward_payloads(max_bytes: int = 4096) -> st.SearchStrategy[bytes]:
    """Bytes that somebody on the way may take for something else, in the midst of plain ones."""
    return st.builds(
        lambda mark, before, after: (b"a" * before + mark + b"a" * after)[:max_bytes],
        st.sampled_from(AWKWARD),
        st.one_of(st.just(0), st.integers(0, 20), st.sampled_from([1023, 1024])),
        st.one_of(st.just(0), st.integers(0, 20), st.sampled_from([1023, 1024])),
    )


AWKWARD = (
    b"\n", b"\r\n", b"\r", "\xfc".encode(), "\u20ac".encode(), b"+++", b"\x11", b"\x13", b"A",
    b"\0", b"\x1a", b"\xff", b"\x1b", b"\r\nOK\r\n", b"\r\nERROR\r\n", b"AT\r", b"\r\nCONNECT\r\n",
)  # fmt: skip


def _sizes(max_bytes: int) -> st.SearchStrategy[int]:
    known = [size for size in _ROUND_BYTES if size <= max_bytes] or [max_bytes]
    return st.one_of(st.sampled_from(known), st.integers(1, max_bytes))


def _pattern(size: int, start: int) -> bytes:
    """Bytes in which every place is known by its neighbours; all 256 values occur."""
    return bytes((start + index * 7 + index // 251) & 0xFF for index in range(size))


def _pem(lines: int, start: int, newline: str) -> bytes:
    body = b64encode(_pattern(lines * _PEM_LINE_BYTES, start)).decode()
    rows = [body[at : at + 64] + "\n" for at in range(0, len(body), 64)]
    return "".join([_PEM_HEAD, *rows, _PEM_TAIL]).replace("\n", newline).encode()


# hosts


def write_schedules() -> st.SearchStrategy[WriteSchedule]:
    """Chunks of 1 to 4096 bytes, with no gap or up to 100 ms between."""
    chunks = st.one_of(st.sampled_from([1024, 512, 256, 100, 64, 32, 1]), st.integers(1, 4096))
    gaps = st.one_of(st.just(0), st.sampled_from([1, 2, 5, 10, 20, 50, 100]), st.integers(1, 100))
    return st.builds(lambda chunk, gap_ms: WriteSchedule(chunk, gap_ms * 1_000_000), chunks, gaps)


def at_lines(device: str | None = None) -> st.SearchStrategy[bytes]:
    """Command lines for `device`, made from its catalogue: valid, mutated, and hostile ones.

    With their CR. The valid ones are commands as the device declares them, with good parameters;
    what they do (a restart, another baud rate) they do.
    """
    from quecsim.testing.command_lines import HOSTILE_LINES, mutated, valid_lines

    valid = st.sampled_from(valid_lines(make_scenario(device).device))
    changed = st.builds(
        mutated,
        valid,
        st.integers(0, 40),
        st.sampled_from([b"", b"\0", b"\xff", b'"', b",", b";", b"9" * 11, b"?", b" "]),
        st.integers(0, 5),
    )
    return st.one_of(valid, changed, st.sampled_from(HOSTILE_LINES)).map(lambda line: line + b"\r")


# line and device


def flash_timings() -> st.SearchStrategy[FlashSettings]:
    """The flash's speed: typical, worst, drawn, instant."""
    return st.sampled_from(["typical", "worst", "drawn", "instant"]).map(
        lambda timing: FlashSettings(timing=timing)  # type: ignore[arg-type]
    )


def rings() -> st.SearchStrategy[Ring]:
    """The device's own receive ring, or one of another size."""
    sizes = st.one_of(
        st.none(), st.sampled_from([4096, 2048, 1024, 512, 256]), st.integers(64, 8192)
    )
    return sizes.map(lambda size: Ring(rx_bytes=size))


def buffers() -> st.SearchStrategy[Buffer]:
    """How much an upload takes from the ring at a time."""
    return st.sampled_from([None, 4096, 1024, 512, 256, 100]).map(
        lambda size: Buffer(data_bytes=size)
    )


def flow_controls() -> st.SearchStrategy[tuple[Host, DeviceSettings]]:
    """What the host does, and what AT+IFC is at the start: both, one, or none of them."""
    plans: list[tuple[str, tuple[int, int] | None]] = [
        ("auto", None), ("none", None), ("rtscts", (2, 2)), ("none", (2, 2)), ("rtscts", None),
        ("xonxoff", (1, 1)),
    ]  # fmt: skip
    return st.sampled_from(plans).map(
        lambda plan: (Host(flow=plan[0]), DeviceSettings(ifc=plan[1]))  # type: ignore[arg-type]
    )


def stalls(max_ms: int = _LONGEST_STALL_MS) -> st.SearchStrategy[Stall]:
    """The device stops for up to `max_ms`, once or again and again."""
    known = [length for length in (10, 100, 500, 1000) if length <= max_ms] or [max_ms]
    lengths = st.one_of(st.sampled_from(known), st.integers(1, max_ms))
    once = st.builds(lambda ms, at: Stall(ms, at_byte=at), lengths, _places())
    often = st.builds(
        lambda ms, every: Stall(ms, every_bytes=every),
        lengths.filter(lambda length: length <= 100) if max_ms >= 10 else lengths,
        st.sampled_from([1024, 512, 256]),
    )
    return st.one_of(once, often)


def _places() -> st.SearchStrategy[int]:
    """Byte numbers: the ends of blocks first."""
    return _one_of(DATA_BYTES)


def quirks(device: Profile) -> st.SearchStrategy[Quirks]:
    """The device as others of its kind are known or likely to be: one or two values differ."""
    others = {name: quirk.plausible(device)[1:] for name, quirk in QUIRKS.items()}
    names = [name for name, values in others.items() if values]
    if not names:
        return st.just(Quirks())
    some = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
    return some.flatmap(
        lambda drawn: st.builds(
            Quirks, **{name: st.sampled_from(others[name]) for name in sorted(drawn)}
        )
    )


# faults


def faults(kinds: Collection[str] | None = None) -> st.SearchStrategy[Fault]:
    """One fault of any kind, or of the given `kinds` (the words of `[[fault]]`)."""
    unknown = sorted(set(kinds or ()) - KINDS.keys())
    if unknown:
        raise QuecsimError(
            f"there is no fault {unknown[0]!r}", hint=did_you_mean(unknown[0], KINDS)
        )
    return st.one_of([_drawn(KINDS[kind]) for kind in KINDS if kinds is None or kind in kinds])


def fault_kinds() -> tuple[str, ...]:
    """The words for `kinds`, simplest first."""
    return tuple(KINDS)


def _drawn(kind: type[Fault]) -> st.SearchStrategy[Fault]:
    """A fault of the kind, as it says that it is drawn."""
    return st.one_of(
        [
            st.builds(kind, **{key: _one_of(options) for key, options in way.items()})
            for way in kind.DRAWN
        ]
    )


def _one_of(options: Options) -> st.SearchStrategy[Any]:
    """One of some values and ranges of values, those that come first being the simplest."""
    values = [option for option in options if not isinstance(option, range)]
    ranges = [st.integers(each[0], each[-1]) for each in options if isinstance(each, range)]
    return st.one_of([*([st.sampled_from(values)] if values else []), *ranges])


# scenarios


def scenarios(
    device: str | None = None,
    *,
    base: Scenario | None = None,
    kinds: Collection[str] | None = None,
    max_faults: int = 2,
) -> st.SearchStrategy[Scenario]:
    """Whole scenarios: a line, a ring, a flash, a host, and up to `max_faults` faults and stalls.

    `base` is a scenario of one's own: what it says stays, and only what it leaves as the device has
    it is drawn. `kinds` limits the faults; those of the network are drawn without that where the
    scenario has something behind the device, those of Bluetooth LE where somebody is on the air;
    then others may be, too.
    """
    start = base if base is not None else make_scenario(device)
    if kinds is None:
        kinds = [kind for kind, fault in KINDS.items() if has_use(start, fault)]
    settings = {
        "flash": flash_timings(),
        "ring": rings(),
        "buffer": buffers(),
        "flow": flow_controls(),
        "stalls": stalls().map(lambda stall: (stall,)),
        "lag_bytes": st.sampled_from([1, 16, 64]),
        "quirks": quirks(start.profile()),
        **({"ble_peers": others()} if start.ble_peers else {}),
        "seed": st.integers(1, 9),
    }
    # Which of them a scenario has is drawn first: most have one or two.
    some = st.lists(st.sampled_from(list(settings)), max_size=2, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: settings[name] for name in names})
    )
    trouble = st.lists(faults(kinds), max_size=max_faults).map(tuple)
    return st.builds(
        lambda drawn, struck: _changed(start, {**drawn, "faults": struck}), some, trouble
    ).filter(is_possible)


def _changed(start: Scenario, drawn: dict[str, Any]) -> Scenario:
    """`start` with what was drawn, where it does not say something itself."""
    changes: dict[str, Any] = {}
    for name, value in drawn.items():
        if name == "flow":
            if start.host == Host() and start.device_settings.ifc is None:
                host, settings = value
                changes["host"] = host
                changes["device_settings"] = replace(start.device_settings, ifc=settings.ifc)
        elif name == "lag_bytes":
            if (
                port_kind(start.line.interface).is_serial
                and start.line.lag_bytes == Line().lag_bytes
            ):
                changes["line"] = replace(start.line, lag_bytes=value)
        elif name in ("stalls", "faults", "ble_peers"):
            changes[name] = (*getattr(start, name), *value)
        elif name == "seed" or getattr(start, name) == type(value)():
            changes[name] = value
    return replace(start, **changes)


def is_possible(scenario: Scenario) -> bool:
    """Whether the device can have it: what a file with it would be refused for, and so on."""
    from quecsim.scenario.text import scenario_table, table_scenario

    try:
        table_scenario(scenario_table(scenario), scenario.name)
    except QuecsimError:
        return False
    return True


def show(scenario: Scenario) -> Scenario:
    """Put the scenario into the text of a failure, as a file that can be kept; gives it back."""
    note(f"As a scenario file:\n\n{scenario_text(scenario)}")
    return scenario
