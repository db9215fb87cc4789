"""A capture as a record: whose commands are read, what is told, and how little memory it takes."""

import tracemalloc
from pathlib import Path

import pytest

import quecsim.captures.imported as module
from quecsim.captures.imported import open_import, open_import_of_two
from quecsim.captures.opened import Options
from quecsim.errors import QuecsimError
from quecsim.profiles.loader import load_profile
from quecsim.trace import event as ev
from tests.captures.samples import all_samples, saleae, session
from tests.captures.wire import Byte, imported

USUAL = load_profile("ec200u")


def write(path: Path, data: str) -> Path:
    path.write_text(data)
    return path


def asked(model: str) -> str:
    return f"> ATI\n< Quectel\n< {model}\n< Revision: {model}CNAAR01\n< OK\n"


@pytest.mark.parametrize(
    ("said", "profile", "model"),
    [
        ("EC200U", "ec200u", "EC200U"), ("UC200T", "uc200t", "UC200T"),
        ("Quectel_M95", "m95", "M95"), ("FCM242D", "fcm242d", "FCM242D"),
        ("XY999-Z", "ec200u", "XY999-Z"),
    ],
)  # fmt: skip
def test_the_module_says_which_it_is(tmp_path: Path, said: str, profile: str, model: str) -> None:
    made, record = imported(write(tmp_path / "a", asked(said)))
    assert (made.profile.name, made.model) == (profile, model)
    assert made.is_known is (model != "XY999-Z")
    start = record[0]
    assert isinstance(start, ev.Start)
    assert start.device == profile


def test_a_module_that_is_only_spoken_of_is_none(tmp_path: Path) -> None:
    made, _ = imported(write(tmp_path / "a", "> AT\n< OK\n< UC200T\n> AT+CSQ\n< OK\n"))
    assert (made.model, made.is_known) == ("", False)


def test_the_user_knows_better(tmp_path: Path) -> None:
    path = write(tmp_path / "a", asked("EC200U"))
    made = open_import(path, "auto", Options(), usual=USUAL, profile=load_profile("m95"))
    assert made.profile.name == "m95"


def test_nobody_says_anything(tmp_path: Path) -> None:
    path = write(tmp_path / "a", "name,type,start_time,duration,data,error\n")
    with pytest.raises(QuecsimError, match="no byte"):
        imported(path)


def test_two_logs_without_times_cannot_be_put_in_order(tmp_path: Path) -> None:
    path = write(tmp_path / "a", "AT\nOK\n")
    paths = {"host": path, "device": path}
    with pytest.raises(QuecsimError, match="without times"):
        open_import_of_two(paths, "auto", Options(), usual=USUAL)  # type: ignore[arg-type]


def test_the_same_capture_gives_the_same_record(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for _, data in all_samples().values():
        path.write_bytes(data)
        assert imported(path)[1] == imported(path)[1]


def long_session(times: int) -> list[Byte]:
    """The same session again and again, a minute apart."""
    return [
        (at_ns + number * 60 * 10**9, side, byte)
        for number in range(times)
        for at_ns, side, byte in session()
    ]


def test_a_large_capture_takes_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    """Ten times the file, hardly more at once: what is not read yet, or was told, is not kept."""
    sizes, peaks = [], []
    imported(write(tmp_path / "a.csv", saleae(session())))  # what is loaded once
    for times in (20, 200):
        path = write(tmp_path / "a.csv", saleae(long_session(times)))
        sizes.append(path.stat().st_size)
        tracemalloc.start()
        made = open_import(path, "auto", Options(), usual=USUAL)
        count = sum(1 for _ in made.record())
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert count > times * 10
    assert sizes[1] > sizes[0] * 9
    assert peaks[1] < peaks[0] * 2


def test_all_models_are_known_once() -> None:
    assert {"EC200U", "M95"} <= set(module._models())
