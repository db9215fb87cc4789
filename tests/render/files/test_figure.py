"""The picture: what it says, that it is the same twice, and that no text does it harm."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

import matplotlib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.image import imread
from msgspec import structs

from quecsim.render.files.figure import write_png, write_svg
from quecsim.render.files.figure_text import drawable, fitting
from quecsim.render.recorded import Recorded
from quecsim.run.recorded import recorded
from tests.cli.test_report import record

Write = Callable[[Recorded, BinaryIO], None]


@pytest.fixture(scope="module")
def lossy() -> Recorded:
    return recorded(record("thread-57329"))


def file_of(write: Write, made: Recorded) -> bytes:
    stream = BytesIO()
    write(made, stream)
    return stream.getvalue()


def words_of(made: Recorded) -> str:
    """The texts of the picture: each stands as a comment beside its letters' paths."""
    svg = file_of(write_svg, made)
    return "\n".join(re.findall(r"<!-- (.*?) -->", svg.decode()))


def test_it_says_what_was_lost_and_why_and_what_to_do(lossy: Recorded) -> None:
    words = words_of(lossy)
    assert "ca.pem: 153 bytes lost; 1035 of 1188 stored" in words
    assert "Why: ring full for 13.3 ms while" in words
    assert "What to do: use ACK mode" in words
    assert "LOST: 153 bytes" in words
    assert "512 bytes: full" in words
    assert "From near: the loss, 153 bytes from byte 1047 of the host's" in words
    assert [lane in words for lane in ("flash busy", "data mode", "line: host to device")] == [
        True
    ] * 3


def test_a_whole_file_loses_nothing_and_flow_control_is_seen_to_hold() -> None:
    words = words_of(recorded(record("thread-57329", flow="rtscts", ifc=(2, 2))))
    assert "all 1188 bytes are stored" in words
    assert "LOST" not in words
    assert "host held" in words
    assert "384: RTS off" in words
    assert "not used" not in words


def test_a_window_shows_no_more_than_was_asked_for(lossy: Recorded) -> None:
    words = words_of(replace(lossy, window=(0, 500_000_000)))
    assert "From 0 s to 0.5 s" in words
    assert "LOST" not in words
    assert "Why" not in words


def test_a_record_that_ends_at_once_has_a_picture() -> None:
    made = recorded(record("thread-57329")[:1])
    assert "No upload was made, and no byte was lost" in words_of(made)


def test_what_a_check_has_said_stands_first(lossy: Recorded) -> None:
    assert "failed: ca.pem: 153 bytes lost" in words_of(replace(lossy, has_passed=False))
    assert "passed: ca.pem: 153 bytes lost" in words_of(replace(lossy, has_passed=True))


def test_what_the_picture_lacks_it_says() -> None:
    events = record("thread-57329")
    del events[20]
    assert "The bytes on the line are not shown: it runs otherwise" in words_of(recorded(events))


@pytest.mark.parametrize("write", [write_svg, write_png])
def test_the_same_record_gives_the_same_bytes(
    lossy: Recorded, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = file_of(write, lossy)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "black"}):
        assert file_of(write, recorded(record("thread-57329"))) == first
        assert matplotlib.rcParams["font.size"] == 30


def test_the_png_is_on_white(lossy: Recorded, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(file_of(write_png, lossy))
    picture = imread(tmp_path / "a.png")
    assert picture.shape[1] == 1800
    assert (picture[0, :, :3] == 1).all()


HOSTILE = st.text(
    st.characters(codec=None) | st.sampled_from("$\\{}^_%&<>\"'-\x1b\x00\n\u202e\u4e2d\U0001f600"),
    max_size=60,
)


@given(text=HOSTILE)
def test_all_text_has_a_shape(text: str) -> None:
    told = drawable(text)
    assert told.isprintable()
    assert drawable(told) == told
    assert drawable(f"a {text}").startswith("a ")


@given(text=HOSTILE, tenths=st.integers(0, 90))
def test_what_does_not_fit_is_cut(text: str, tenths: int) -> None:
    text = drawable(text)
    fit = fitting(text, tenths / 10, 7.0)
    assert fit in ("", text) or (fit.endswith("...") and text.startswith(fit[:-3]))


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=HOSTILE, sentence=HOSTILE)
def test_hostile_names_are_drawn_and_do_nothing(lossy: Recorded, name: str, sentence: str) -> None:
    upload = structs.replace(lossy.report.uploads[0], name=name, sentence=sentence)
    report = structs.replace(lossy.report, uploads=[upload])
    file = file_of(write_svg, replace(lossy, report=report, window=(0, 10**9)))
    tree = ElementTree.fromstring(file)
    assert tree.tag == "{http://www.w3.org/2000/svg}svg"
    assert not [each for each in tree.iter() if str(each.tag).endswith(("script", "foreignObject"))]
