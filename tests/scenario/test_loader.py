import os
from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.profiles.toml_check import FileError
from quecsim.report.model import Verdict
from quecsim.scenario import Stall, load_scenario, scenario_names
from quecsim.scenario.network import BrokerClaim
from quecsim.scenario.schema import Claim, Line
from quecsim.scenario.text import scenario_table, table_scenario

HEAD = 'title = "t"\nshows = "s"\n'

SHIPPED = {
    "ack-mode": Claim("bundle", "ack", Verdict.INTACT),
    "fast-line": Claim("bundle", "stream", Verdict.LOST),
    "rtscts-both": Claim("bundle", "stream", Verdict.INTACT),
    "rtscts-device-only": Claim("bundle", "stream", Verdict.LOST),
    "thread-57329": Claim(
        "certificate",
        "stream",
        Verdict.LOST,
        broker=BrokerClaim(command="+QMTOPEN", code=5, why="tls:ca"),
    ),
    "typical-flash": Claim("bundle", "stream", Verdict.INTACT),
    "worst-flash": Claim("bundle", "stream", Verdict.LOST),
}


def written(tmp_path: Path, text: str, name: str = "mine.toml") -> Path:
    file = tmp_path / name
    file.write_text(HEAD + text)
    return file


@pytest.mark.parametrize("name", SHIPPED)
def test_each_shipped_scenario_loads_and_says_what_it_shows(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.claim == SHIPPED[name]
    assert scenario.shows.endswith(".")
    assert scenario.shows.count(". ") == 0, "one sentence"


def test_every_shipped_scenario_is_among_those_tested() -> None:
    assert set(SHIPPED) <= set(scenario_names())
    for name in scenario_names():
        made = load_scenario(name)
        assert (made.claim is None) != (made.journey is None), name


def test_the_shipped_pairs_differ_in_one_thing() -> None:
    fast, device_only = load_scenario("fast-line"), load_scenario("rtscts-device-only")
    both = load_scenario("rtscts-both")
    assert fast.line == device_only.line == both.line == Line(baud=921_600)
    assert (fast.host, fast.device_settings.ifc) == (device_only.host, None)
    assert device_only.device_settings == both.device_settings
    assert (device_only.host.flow, both.host.flow) == ("none", "rtscts")


@pytest.mark.parametrize("head", [HEAD, ""])
def test_everything_may_be_left_out_also_what_it_shows(tmp_path: Path, head: str) -> None:
    file = tmp_path / "empty.toml"
    file.write_text(head)
    scenario = load_scenario(file)
    assert table_scenario(scenario_table(scenario), "empty") == scenario
    assert scenario.line == Line(
        interface="uart", speed="paced", baud=None, garble=False, lag_bytes=1
    )
    assert (scenario.device, scenario.seed, scenario.claim) == ("ec200u", 1, None)
    assert scenario.profile() == scenario.device_profile


def test_stalls_and_files(tmp_path: Path) -> None:
    (tmp_path / "old.pem").write_bytes(b"\x00\xff")
    text = """
[line]
time_scale = 10
[[stall]]
at_byte = 1
stall_ms = 45
[[stall]]
every_bytes = 256
stall_ms = 30
[files]
"UFS:a.txt" = { text = "é" }
"UFS:b.pem" = { path = "old.pem" }
"c" = { bytes_count = 3, fill = 7 }
"d" = { bytes_count = 2 }
"e" = { text = "" }
"""
    scenario = load_scenario(str(written(tmp_path, text)))
    assert scenario.line.time_scale == 10.0
    assert scenario.stalls == (Stall(45, at_byte=1), Stall(30, every_bytes=256))
    assert scenario.contents == {
        "UFS:a.txt": "é".encode(),
        "UFS:b.pem": b"\x00\xff",
        "c": b"\x07\x07\x07",
        "d": b"\xff\xff",
        "e": b"",
    }


def test_paths_are_taken_from_the_scenarios_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "mine.bin").write_bytes(b"here")
    (folder / "board.toml").write_text('extends = "ec200u"\n')
    written(folder, 'device = "board.toml"\n[files]\nx = { path = "mine.bin" }\n')
    monkeypatch.chdir(tmp_path)
    scenario = load_scenario("scenarios/mine.toml")
    assert scenario.contents == {"x": b"here"}
    assert scenario.device_profile.name == "board"


SERVICE = "[[service]]\nport = 1\n"

# (the file after its two head lines, the line, the message, a part of the hint)
MISTAKES = [
    ("[lin]\n", 3, 'unknown key "lin"', 'Did you mean "line"?'),
    ("[line]\nspeeed = 1\n", 4, 'unknown key "speeed" in line', 'Did you mean "speed"?'),
    ('[line]\nbaud = "fast"\n', 4, "line.baud must be a whole number from 50 to 4000000", ""),
    ("[line]\nlag_bytes = -1\n", 4, "line.lag_bytes must be a whole number from 0", ""),
    ("[line]\ntime_scale = 0\n", 4, "line.time_scale must be a number from 0.001 to 1000", ""),
    ('[host]\nflow = "rts"\n', 4, 'host.flow must be "auto" or "none" or "rtscts"', ""),
    ("seed = 1.5\n", 3, "seed must be a whole number", ""),
    ('device = "ec2000u"\n', 3, 'no device is called "ec2000u"', 'Did you mean "ec200u"?'),
    ("\n[device_settings]\nifc = [1, 2]\n", 5, "AT+IFC=1,2", "0, 2"),
    ("[device_settings]\nifc = [2]\n", 4, "must be a list of 2, each a whole number", ""),
    ("[device_settings]\nipr = 14400\n", 4, "AT+IPR=14400", "115200"),
    ("[ring]\nrx_bytes = 512\nrts_off_bytes = 600\n", 5, "rts_off_bytes must not be above", ""),
    ("[ring]\nrts_on_bytes = 3072\n", 4, "rts_on_bytes must be below", ""),
    ("[[stall]]\nstall_ms = 45\n", 3, "stall[1] needs at_byte or every_bytes", ""),
    ("[[stall]]\nat_byte = 1\nevery_bytes = 2\nstall_ms = 4\n", 3, "one of them", ""),
    ("[[stall]]\nat_byte = 1\n", 3, "stall[1].stall_ms is missing", "from 1 to 600000"),
    ("[[stall]]\nat_byte = 0\nstall_ms = 1\n", 4, "stall[1].at_byte must be", ""),
    (
        '[files]\n"UFS:x" = {}\n',
        4,
        'files."UFS:x" needs text, base64, path, authority or bytes_count',
        "",
    ),
    ('[files]\nx = { text = "a", bytes_count = 1 }\n', 4, "one of them", ""),
    ('[files]\nx = { path = "gone.pem" }\n', 4, "cannot read gone.pem: No such file", "folder"),
    ('[files]\nx = "text"\n', 4, 'files.x must be a table, not "text"', ""),
    (
        '[line]\ninterface = "usb"\nbaud = 9600\n',
        5,
        "no meaning on a USB port",
        "uart",
    ),
    ('[line]\ninterface = "usb"\n[ring]\nrx_bytes = 64\n', 6, "at least one packet", ""),
    (f'{SERVICE}host = "*.example"\n', 5, "service[1].host must be a name or an address", ""),
    (f'{SERVICE}host = "a"\naddress = "a"\n', 6, "service[1].address must be an address", ""),
    ('[[route]]\nname = "a"\nport = 1\nto = "b:1"\n', 6, "route[1].to must be ADDRESS:PORT", ""),
    ('[network]\nup_bytes_per_s = "2s"\n', 4, "up_bytes_per_s must be a whole number", ""),
    ('[claim]\nhost = "ack"\noutcome = "lost"\n', 3, "claim.payload is missing", '"bundle"'),
]


@pytest.mark.parametrize(("text", "line", "message", "hint"), MISTAKES)
def test_a_mistake_is_told_with_line_and_hint(
    tmp_path: Path, text: str, line: int, message: str, hint: str
) -> None:
    file = written(tmp_path, text)
    with pytest.raises(FileError) as caught:
        load_scenario(file)
    (told,) = caught.value.mistakes
    assert message in told.message
    assert hint in told.hint
    assert told.where == f"{file}:{line}"


def test_several_mistakes_are_told_together(tmp_path: Path) -> None:
    file = written(tmp_path, 'device = "x"\n[[stall]]\nstall_ms = 1\n[files]\na = {}\n')
    with pytest.raises(FileError) as caught:
        load_scenario(file)
    assert [one.where for one in caught.value.mistakes] == [f"{file}:{at}" for at in (3, 4, 7)]


def test_a_mistake_in_the_device_file_names_that_file(tmp_path: Path) -> None:
    (tmp_path / "board.toml").write_text('extends = "ec200u"\n[uart]\nbaud = 1\n')
    file = written(tmp_path, 'device = "board.toml"\n')
    with pytest.raises(FileError) as caught:
        load_scenario(file)
    assert caught.value.where == f"{tmp_path / 'board.toml'}:3"


def test_an_unknown_scenario_names_a_near_one(tmp_path: Path) -> None:
    with pytest.raises(QuecsimError, match='no scenario is called "typical-flsh"') as caught:
        load_scenario("typical-flsh")
    assert caught.value.hint.startswith('Did you mean "typical-flash"?')
    with pytest.raises(QuecsimError, match="no scenario file ack-mode") as caught:
        load_scenario(tmp_path / "ack-mode.toml")
    assert caught.value.hint == 'Did you mean "ack-mode"?'


def test_a_syntax_error_names_its_line(tmp_path: Path) -> None:
    file = written(tmp_path, "[line\n")
    with pytest.raises(QuecsimError, match="not valid TOML") as caught:
        load_scenario(file)
    assert caught.value.where == f"{file}:3"


@pytest.mark.parametrize("path", ["a\\u0000b", "/dev/zero", "fifo", ".", "x" * 5000, "sparse"])
def test_a_file_that_is_none_is_one_message(tmp_path: Path, path: str) -> None:
    os.mkfifo(tmp_path / "fifo")
    with (tmp_path / "sparse").open("wb") as sparse:
        sparse.truncate(1 << 40)
    file = written(tmp_path, f'[files]\n"UFS:a" = {{ path = "{path}" }}\n')
    with pytest.raises(FileError, match="cannot read") as caught:
        load_scenario(file)
    assert caught.value.where == f"{file}:4"


def test_a_name_with_a_nul_is_one_message(tmp_path: Path) -> None:
    file = written(tmp_path, '[files]\n"UFS:a\\u0000b" = { text = "x" }\n')
    with pytest.raises(FileError, match="cannot be a file"):
        load_scenario(file)


@pytest.mark.parametrize("name", ["x" * 5000, "x" * 300 + ".toml", "a\0b"])
def test_a_name_that_can_be_no_file(name: str) -> None:
    with pytest.raises(QuecsimError, match="no scenario"):
        load_scenario(name)
