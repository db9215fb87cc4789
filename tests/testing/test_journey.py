"""Every journey that comes with quecsim goes as it stands; and what goes astray is told."""

from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.report.model import Verdict
from quecsim.scenario.loader import load_scenario, scenario_names
from quecsim.testing.journey import Said, run_journey, said_text
from quecsim.units import s

JOURNEYS = [name for name in scenario_names() if load_scenario(name).journey is not None]


@pytest.mark.parametrize("name", JOURNEYS)
def test_it_goes_as_it_stands(name: str) -> None:
    run = run_journey(load_scenario(name))
    assert run.trouble == ""
    assert run.ran.report.network.troubles == []
    assert run.ran.report.counters.holds


def test_a_download_into_the_flash_is_told_as_the_reason_of_a_loss() -> None:
    report = run_journey(load_scenario("download-stalls-upload")).ran.report
    (upload,) = report.uploads
    assert upload.verdict is Verdict.LOST
    assert "(stored big.bin from the HTTP server)" in upload.losses[0].why
    (connection,) = report.network.connections
    assert connection.full_because == "the flash was busy"
    assert connection.full_ns > s(1)


def made(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "mine.toml"
    file.write_text(f'device = "ec200u"\n{text}')
    return file


def trouble(tmp_path: Path, dialogue: str, more: str = "") -> str:
    text = f"[journey]\nwithin_ms = 3000\ndialogue = '''\n{dialogue}\n'''\n{more}"
    return run_journey(load_scenario(str(made(tmp_path, text)))).trouble


@pytest.mark.parametrize(
    ("dialogue", "told"),
    [
        ("> AT\n< ERROR", "line 2 of the journey (< ERROR): 'OK' came"),
        ("> AT\n< OK\n< OK", "line 3 of the journey (< OK): nothing came"),
        ("> AT+CSQ\n< +CSQ: 99", "line 2 of the journey (< +CSQ: 99): '+CSQ: 24,99' came"),
        ("> AT\n< >", "line 2 of the journey (< >): 'OK' came"),
        ("> AT\n<< 100", "line 2 of the journey (<< 100): b'AT\\r\\r\\nOK\\r\\n' came"),
    ],
)
def test_where_it_goes_astray(tmp_path: Path, dialogue: str, told: str) -> None:
    assert trouble(tmp_path, dialogue) == told


def test_a_device_that_never_stops_talking_is_not_waited_for(tmp_path: Path) -> None:
    sensor = '[[ble_peer]]\nkind = "sensor"\nname = "a"\nadv_interval_ms = 100\n'
    text = (
        f'device = "fcm242d"\n{sensor}[journey]\nwithin_ms = 3000\ndialogue = """\n'
        '> AT+QBLEINIT=1\n... OK\n> AT+QBLESCAN=1\n... +QBLESCAN: "b",*\n"""\n'
    )
    path = tmp_path / "talks.toml"
    path.write_text('title = "t"\nshows = "s"\n' + text, encoding="utf-8")
    assert "and others, but not that" in str(run_journey(load_scenario(path)).walk.astray)


def test_patterns_echo_and_lines_before(tmp_path: Path) -> None:
    dialogue = (
        "> AT+CSQ\n< +CSQ: *,99\n< OK\n> ATI\n... Revision: *\n< OK\n> ATE0\n< OK\n> AT\n< OK"
    )
    assert trouble(tmp_path, dialogue) == ""


def test_files_are_held_to_what_they_should_be(tmp_path: Path) -> None:
    dialogue = '> AT+QFUPL="a.txt",5\n< CONNECT\n>> @five\n< +QFUPL: 5,*\n< OK'
    data = 'data.five.text = "12345"\ndata.six.text = "123456"\n'
    assert trouble(tmp_path, dialogue, f'{data}holds = {{ "UFS:a.txt" = "five" }}') == ""
    wrong = trouble(tmp_path, dialogue, f'{data}holds = {{ "UFS:a.txt" = "six" }}')
    assert wrong == "UFS:a.txt has 5 bytes and should have 6, or other ones"
    gone = trouble(tmp_path, dialogue, f'{data}holds = {{ "UFS:b.txt" = "six" }}')
    assert gone == "UFS:b.txt is not there"


def test_without_one_it_says_what_to_add() -> None:
    with pytest.raises(QuecsimError, match="has no journey"):
        run_journey(load_scenario("ack-mode"))


def test_what_a_device_says_is_not_obeyed_by_a_terminal() -> None:
    assert said_text(Said("<", "\x1b[2J", 1_500_000)) == r"       0.001500  <   \x1b[2J"
