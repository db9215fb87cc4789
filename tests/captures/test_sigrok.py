"""sigrok's own decoder reads a run's waveforms, and its output comes back as that run's bytes."""

import subprocess
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from quecsim.errors import QuecsimError
from quecsim.render.files.vcd import write_vcd
from quecsim.run.recorded import recorded
from tests.captures.wire import (
    BYTE_NS,
    assert_same,
    heard_device,
    heard_host,
    imported,
    said,
    session,
    wire_bytes,
)
from tests.examples.hosts import need

BIT_NS = BYTE_NS // 10
SAMPLE_NS = 500
BOTH = "uart:tx=TXD:rx=RXD:baudrate=115200"
DATA = "uart=rx-data:tx-data"


@pytest.fixture(scope="module")
def vcd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    stream = BytesIO()
    write_vcd(recorded(session()), stream)
    path = tmp_path_factory.mktemp("wave") / "run.vcd"
    path.write_bytes(stream.getvalue())
    return path


def decoded(vcd: Path, out: Path, *options: str) -> Path:
    command: Sequence[str | Path] = [
        need("sigrok-cli"), "-i", vcd, "-I", f"vcd:downsample={SAMPLE_NS}", *options,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=True, timeout=300)
    assert done.stderr == b""
    out.write_bytes(done.stdout)
    return out


@pytest.mark.parametrize("which", [DATA, "uart"])
def test_the_json_trace_has_bytes_and_times_of_both_wires(
    vcd: Path, tmp_path: Path, which: str
) -> None:
    path = decoded(
        vcd, tmp_path / "a.json", "-P", BOTH, "-A", which, "--protocol-decoder-jsontrace"
    )
    made, _ = imported(path)
    assert made.format.name == "sigrok"
    assert (made.source.baud, made.source.frame) == (115200, "8N1")
    assert made.source.lacks == ("modem-lines",)
    assert_same(made, within_ns=BIT_NS)


@pytest.mark.parametrize("options", [{"baud": 115200}, {"sample_rate": 2_000_000}])
def test_samples_are_times_where_the_rate_is_known(
    vcd: Path, tmp_path: Path, options: dict[str, Any]
) -> None:
    one = "uart:tx=TXD:baudrate=115200"
    path = decoded(vcd, tmp_path / "a", "-P", one, "-A", DATA, "--protocol-decoder-samplenum")
    made, record = imported(path, **options)
    assert heard_host(record) == said(wire_bytes(), "host")
    assert made.source.lacks == ("modem-lines", "device-bytes")
    at_ns = [at_ns for at_ns, side, _ in wire_bytes() if side == "host"]
    assert abs(record[1].at_ns - at_ns[0]) <= BIT_NS
    assert abs(made.found.last_ns - at_ns[-13]) <= BYTE_NS * 13


def test_without_the_rate_there_are_no_times(vcd: Path, tmp_path: Path) -> None:
    one = "uart:tx=RXD:baudrate=115200"
    path = decoded(vcd, tmp_path / "a", "-P", one, "-A", DATA, "--protocol-decoder-samplenum")
    made, record = imported(path)
    assert heard_device(record) == said(wire_bytes(), "device")
    assert {"times", "host-bytes", "line"} <= set(made.source.lacks)
    assert any("--sample-rate" in note for note in made.notes)


@pytest.mark.parametrize("form", ["hex", "ascii", "dec"])
def test_plain_annotations_of_one_wire(vcd: Path, tmp_path: Path, form: str) -> None:
    one = f"uart:tx=TXD:baudrate=115200:format={form}"
    path = decoded(vcd, tmp_path / "a", "-P", one, "-A", DATA)
    _, record = imported(path)
    assert heard_host(record) == said(wire_bytes(), "host")


def test_two_wires_that_nobody_can_tell_apart_are_refused(vcd: Path, tmp_path: Path) -> None:
    path = decoded(vcd, tmp_path / "a", "-P", BOTH, "-A", "uart")
    with pytest.raises(QuecsimError, match="which byte is on which") as error:
        imported(path)
    assert "--protocol-decoder-jsontrace" in error.value.hint


def test_two_wires_by_name(tmp_path: Path) -> None:
    for begin in ("{0}-{1} UART: {2}: {3:02X}", "{0}-{1} uart-1: {4}-data: {3:02X}"):
        lines = [
            begin.format(
                (at_ns - 9 * BIT_NS) // SAMPLE_NS, (at_ns - BIT_NS) // SAMPLE_NS,
                "TX" if side == "host" else "RX", byte, "tx" if side == "host" else "rx",
            )
            for at_ns, side, byte in wire_bytes()
        ]  # fmt: skip
        path = tmp_path / "a.txt"
        path.write_text("\n".join(lines) + "\n")
        made, _ = imported(path, sample_rate=2_000_000)
        assert_same(made, within_ns=BIT_NS)
        assert made.source.lacks == ("modem-lines",)


def test_what_is_no_byte_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("".join(f"uart-1: {each}\n" for each in ("41", "54", "-1", "0D", "4_", "xyz")))
    made, record = imported(path)
    assert heard_host(record) == b"AT\r"
    assert made.tally.bad_lines == 3


def test_the_wrong_rate_is_told(vcd: Path, tmp_path: Path) -> None:
    slow = BOTH.replace("115200", "9600")
    path = decoded(
        vcd, tmp_path / "a.json", "-P", slow, "-A", "uart", "--protocol-decoder-jsontrace"
    )
    made, record = imported(path, host_channel="uart-1 TX")
    assert made.tally.framing_errors > 100
    assert made.looks_wrong()
    assert heard_host(record)
