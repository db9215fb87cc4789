"""The file of packets: private, there at once, and never the run's end."""

import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.live.network.capture import Capture
from quecsim.live.network.options import NetworkOptions
from quecsim.packets.ip import Place, datagram
from quecsim.packets.pcapng import Packet
from quecsim.scenario.options import make_scenario
from tests.packets.tshark import datagrams, shown

ONE = Packet(1_700_000_000_000_000_001, datagram(Place("10.0.0.2", 1), Place("192.0.2.1", 2), b"x"))


def no_trouble(text: str) -> None:
    raise AssertionError(text)


def test_each_packet_is_there_at_once_and_for_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "a.pcapng"
    capture = Capture(path, "scenario of-mine")
    capture.emit(ONE)  # too early
    capture.begin(no_trouble)
    assert datagrams(path.read_bytes()) == []
    capture.emit(ONE)
    capture.add_secrets(b"CLIENT_RANDOM 00 11")
    capture.note("so it is")
    assert len(datagrams(path.read_bytes())) == 1
    assert b"CLIENT_RANDOM 00 11\n" in path.read_bytes()
    assert b"scenario of-mine" in path.read_bytes()
    assert shown(path, "syslog", "syslog.msg") == [["so it is"]]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    capture.close()
    size = path.stat().st_size
    capture.close()
    capture.emit(ONE)
    assert path.stat().st_size == size


def test_a_full_disk_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, told = tmp_path / "a.pcapng", list[str]()
    capture = Capture(path)
    capture.begin(told.append)
    full = os.open("/dev/full", os.O_WRONLY)
    assert capture._out is not None
    os.dup2(full, capture._out.fileno())
    os.close(full)
    for _ in range(3):
        capture.emit(ONE)
    capture.close()
    assert told == [f"no more packets: cannot write {path}: No space left on device"]


def test_a_disk_that_is_full_from_the_beginning() -> None:
    told: list[str] = []
    capture = Capture("/dev/full")
    capture.begin(told.append)
    capture.emit(ONE)
    capture.close()
    assert told == ["no more packets: cannot write /dev/full: No space left on device"]


@pytest.mark.parametrize("place", [".", "nowhere/a.pcapng"])
def test_no_place_for_it_is_the_users_to_mend(place: str) -> None:
    with pytest.raises(QuecsimError, match="cannot write the packets to") as caught:
        Capture(place)
    assert caught.value.hint


def test_standard_output_has_the_ports_path() -> None:
    with pytest.raises(QuecsimError, match="standard output") as caught:
        Capture("-")
    assert "wireshark" in (caught.value.hint or "")


def test_an_analyser_may_read_it_from_a_pipe(tmp_path: Path) -> None:
    path, read = tmp_path / "pipe", list[bytes]()
    os.mkfifo(path)
    reader = threading.Thread(target=lambda: read.append(path.read_bytes()))
    reader.start()
    while True:
        try:
            capture = Capture(path)
        except QuecsimError:  # the reader is not there yet
            continue
        break
    capture.begin(no_trouble)
    capture.emit(ONE)
    capture.close()
    reader.join()
    assert len(datagrams(read[0])) == 1


def test_a_reader_who_goes_ends_it_with_a_message(tmp_path: Path) -> None:
    path, told = tmp_path / "pipe", list[str]()
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    capture = Capture(path)
    capture.begin(told.append)
    os.close(reader)
    capture.emit(ONE)
    capture.emit(ONE)
    assert told == [f"no more packets: cannot write {path}: Broken pipe"]


def test_what_is_missing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.startswith(("dpkt", "quecsim.packets"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "quecsim.live.network.capture")
    monkeypatch.setitem(sys.modules, "dpkt", None)
    with pytest.raises(QuecsimError, match="--pcapng needs dpkt") as caught:
        NetworkOptions(make_scenario("ec200u"), pcapng=tmp_path / "a.pcapng")
    assert caught.value.hint == "pip install 'quecsim[report]'"
    assert not (tmp_path / "a.pcapng").exists()
