"""Which format a file has, and what becomes of files that are damaged."""

from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quecsim.captures.formats import FORMATS
from quecsim.errors import QuecsimError
from quecsim.trace.event import Event
from tests.captures.example_files import FOLDER, files, sigrok
from tests.captures.samples import HOST, all_samples
from tests.captures.wire import heard_device, heard_host, imported
from tests.examples.hosts import need

SAMPLES = all_samples()
_CODER = msgspec.json.Encoder(), msgspec.json.Decoder(Event)


@pytest.mark.parametrize("what", SAMPLES)
def test_each_format_is_recognized(tmp_path: Path, what: str) -> None:
    form, data = SAMPLES[what]
    path = tmp_path / "a"
    path.write_bytes(data)
    made, record = imported(path)
    assert made.format.name == form
    host = heard_host(record)
    if form in ("saleae", "sigrok", "spy", "interceptty", "strace", "usbmon"):
        assert host == HOST
    else:
        assert host.startswith(b'AT\rATI\rAT+QFUPL="a",4\r')
    if what != "logic 1":
        assert b"OK\r\n" in heard_device(record)
        assert made.model == "EC200U"
    assert made.tally.bad_lines == 0


def test_every_format_has_a_sample() -> None:
    assert {form for form, _ in SAMPLES.values()} == set(FORMATS)


def test_what_it_lacks_in_any_case_is_told_of_each() -> None:
    for form in FORMATS.values():
        assert form.title
        assert "modem-lines" in form.lacks


def test_the_examples_are_what_the_session_gives(tmp_path: Path) -> None:
    for name, content in files().items():
        assert (FOLDER / name).read_bytes() == content, name
    assert (FOLDER / "sigrok.json").read_bytes() == sigrok(tmp_path, need("sigrok-cli"))


EXAMPLES = {
    "forum.txt": "text", "interceptty.log": "interceptty", "minicom.log": "minicom",
    "picocom.log": "picocom", "saleae.csv": "saleae", "sigrok.json": "sigrok", "spy.log": "spy",
    "strace.log": "strace", "tio.log": "tio", "usbmon.pcapng": "usbmon",
    "wire-device.csv": "saleae", "wire-host.csv": "saleae",
}  # fmt: skip


def test_each_example_is_recognized() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(EXAMPLES)
    for name, form in EXAMPLES.items():
        made, _ = imported(FOLDER / name)
        assert (made.format.name, made.tally.bad_lines) == (form, 0), name
        assert made.is_known or name == "wire-host.csv"


_SPICE = [
    b"", b"\n", b"\r\n", b",", b'"', b"\0", b"\xff\xfe", b"9" * 30, b"-1", b"nan", b"inf", b"1e999",
    b"0x", b"0x1FF", b"AT\r\n", b"OK\r\n", b"CONNECT\r\n", b"> ", b"\x1b[31m", b"{", b"}", b"[",
    b"99:99:99.999 ", b"9999-99-99 ", b"2026-06-01 12:34:56 ", b"A" * 70_000, b"\xf0\x9f\x98\x80",
]  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """The file with some of it gone, changed, doubled or put in."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.sampled_from((0, 1, 2, 7, 40, 400))))
        new = draw(
            st.one_of(st.sampled_from(_SPICE), st.binary(max_size=8), st.just(data[start:end] * 2))
        )
        data = data[:start] + new + data[end:]
    return data if draw(st.booleans()) else data[: draw(st.integers(0, len(data)))]


@pytest.mark.parametrize("what", SAMPLES)
@pytest.mark.parametrize("by_name", [True, False])
def test_a_damaged_file_is_a_record_or_one_message(
    tmp_path_factory: pytest.TempPathFactory, what: str, *, by_name: bool
) -> None:
    form, whole = SAMPLES[what]
    path = tmp_path_factory.mktemp("damaged") / "a"

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.data_too_large])
    @given(damaged(whole), st.sampled_from([{}, {"baud": 9600}, {"swap": True}, {"side": "host"}]))
    def damage(data: bytes, options: dict[str, object]) -> None:
        path.write_bytes(data)
        try:
            made, record = imported(path, form if by_name else "auto", **options)
        except QuecsimError:
            return
        assert all(one.at_ns <= other.at_ns for one, other in pairwise(made.heard()))
        encoder, decoder = _CODER
        assert [decoder.decode(encoder.encode(each)) for each in record] == record
        assert made.looks_wrong() in (True, False)

    damage()


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "data", [b"\0", b"\n", bytes(range(256)) * 40, b"A" * 200_000, b"\x1f\x8b"]
)
def test_no_capture_of_that_format_is_one_message(tmp_path: Path, form: str, data: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    with pytest.raises(QuecsimError):
        imported(path, form)
