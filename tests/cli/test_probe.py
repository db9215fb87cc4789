"""`quecsim probe`: what it asks, prints and writes, and its exit codes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import quecsim
import quecsim.host.port as ports
from quecsim.cli import probe as cli
from quecsim.commands.catalogue import load_device
from quecsim.errors import QuecsimError
from quecsim.trace.event import HostBytes, Sent, Start
from quecsim.trace.jsonl import read_trace
from tests.probe.fakes import Scripted, Watched

ASKED = ("+CGMM", "+GMM", "+CGMR", "+QVERSION")
SHORT = ("--only", "sizes", "--only", "refusals")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def invoke(url: str, *options: str, **more: Any) -> Result:
    return CliRunner().invoke(
        cli.probe, [url, *options], prog_name="probe", catch_exceptions=False, **more
    )


def probe(device: str, *options: str) -> Result:
    with quecsim.open_virtual(device) as simulated:
        return invoke(simulated.url, *options)


def refused(url: str, *options: str, **more: Any) -> QuecsimError:
    with pytest.raises(QuecsimError) as told:
        invoke(url, *options, **more)
    return told.value


def files() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def test_it_writes_a_profile_and_a_log() -> None:
    done = probe("ec25", "--yes", *SHORT)
    assert done.exit_code == 0, done.output
    assert files() == ["ec25-measured.jsonl", "ec25-measured.toml"]
    profile = load_device("ec25-measured.toml")
    assert profile.provenance["files.existing_file"].how == "measured"
    assert profile.name == "ec25-measured"
    assert "values measured" in done.stdout
    assert "profile: ec25-measured.toml, nearest to ec25; log: ec25-measured.jsonl" in done.stdout


def test_the_log_has_every_byte_as_the_record_of_a_real_device() -> None:
    probe("ec200u", "--yes", "-o", "mine.toml", *SHORT)
    _, events = read_trace("mine.jsonl")
    assert isinstance(events[0], Start)
    assert events[0].observed is not None
    assert events[0].observed.source.startswith("probe of ")
    said = b"".join(event.data for event in events if isinstance(event, HostBytes))
    heard = b"".join(event.data for event in events if isinstance(event, Sent))
    assert said.startswith(b"AT\rATI\r")
    assert b'AT+QFLDS="UFS"\r' in said
    assert b"+QFLDS: 5600592,5600592\r\n" in heard
    assert [event.at_ns for event in events] == sorted(event.at_ns for event in events)


def test_what_differs_from_the_nearest_device_is_said(tmp_path: Path) -> None:
    (tmp_path / "hidden.toml").write_text(
        'extends = "ec200u"\n[files]\n'
        'existing_file = { value = "overwrite", how = "assumed", source = "drawn" }\n'
    )
    done = probe("./hidden.toml", "--yes", *SHORT)
    assert 'files.existing_file = "overwrite"' in done.stdout
    assert 'ec200u has "refuse" (assumed)' in done.stdout
    assert load_device("ec200u-measured.toml").files.existing_file == "overwrite"


def test_as_json() -> None:
    done = probe("m95", "--yes", "--json", *SHORT)
    told = json.loads(done.stdout)
    assert told["base"] == "m95"
    assert told["not_restored"] == []
    measured = {each["key"]: each["value"] for each in told["measured"]}
    assert measured["files.ram_bytes"] == 647668
    assert all(each["why_not"] for each in told["missing"])


def test_it_tells_what_it_will_do_and_wants_a_yes() -> None:
    with quecsim.open_virtual("ec200u") as device:
        told = refused(device.url, *SHORT)
        assert told.message == "nobody is there to say yes"
        said = [event.data for event in device.events() if isinstance(event, HostBytes)]
        assert said == [b"AT\r", b"ATI\r", *(f"AT{n}\r".encode() for n in ASKED)]
    assert files() == []


@pytest.mark.parametrize(("answer", "is_done"), [("yes\n", True), ("no\n", False), ("y\n", False)])
def test_only_yes_is_a_yes(answer: str, is_done: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_has_somebody", lambda: True)
    with quecsim.open_virtual("ec200u") as device:
        if is_done:
            done = invoke(device.url, *SHORT, input=answer)
            assert done.exit_code == 0
            assert "It makes files of its own" in done.stderr
        else:
            assert refused(device.url, *SHORT, input=answer).message == "nothing was done"
    assert bool(files()) == is_done


def test_files_are_not_replaced_unless_told() -> None:
    Path("mine.toml").write_text("mine")
    assert refused("/dev/none", "-o", "mine.toml").message == "the file exists"
    with quecsim.open_virtual("ec200u") as device:
        assert invoke(device.url, "-o", "mine.toml", "--force", "--yes", *SHORT).exit_code == 0
    assert Path("mine.toml").read_text() != "mine"


def test_the_steps_are_listed_without_a_port() -> None:
    done = invoke("/dev/none", "--steps")
    assert done.exit_code == 0
    assert "acks" in done.stdout
    assert "restart" not in done.stdout
    assert "restart" in invoke("/dev/none", "--steps", "--allow-reset").stdout


MISTAKES: dict[str, tuple[tuple[str, ...], str]] = {
    "no such port": (("/dev/none", "--yes"), "no such port: /dev/none"),
    "no such step": (("/dev/none", "--only", "ack"), 'no step is called "ack"'),
    "no such device": (("/dev/none", "--like", "ec2"), 'no device is called "ec2"'),
    "no profile": (("/dev/none", "-o", "mine.txt"), "a profile's file ends in .toml"),
    "no folder": (("/dev/none", "-o", "none/mine.toml"), "there is no folder none"),
    "one file for both": (
        ("/dev/none", "-o", "a.toml", "--log", "a.toml"),
        "--log would write over a.toml, the file of --output",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_told(name: str) -> None:
    arguments, message = MISTAKES[name]
    assert refused(*arguments).message == message


def test_a_stranger_is_like_the_device_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    replies = {b"ATI\r": b"SIMCOM\r\n", b"AT+CGMM\r": b"SIM7600\r\n"}
    port = Scripted(lambda data: b"\r\n" + replies.get(data, b"") + b"\r\nOK\r\n")
    monkeypatch.setattr(ports, "open_port", lambda *_a, **_o: port)
    with quecsim.virtual_time():
        done = invoke("/dev/ttyX", "--yes", "--only", "identity")
        assert "no shipped device is near to it: the profile extends ec200u" in done.stderr
        assert load_device("ec200u-measured.toml").identity.model == "SIM7600"
        done = invoke("/dev/ttyX", "--yes", "--like", "m95", "--only", "identity")
        assert load_device("m95-measured.toml").files.first_handle == 3000


def wrapped(monkeypatch: pytest.MonkeyPatch, before_write: Callable[[int], None]) -> None:
    """Every port that is opened is watched."""
    plain = ports.open_port
    monkeypatch.setattr(
        ports, "open_port", lambda path, **options: Watched(plain(path, **options), before_write)
    )


def test_ctrl_c_keeps_what_is_known_and_puts_all_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(number: int) -> None:
        if number == 40:
            raise KeyboardInterrupt

    wrapped(monkeypatch, stop)
    with quecsim.open_virtual("ec200u") as device:
        done = invoke(device.url, "--yes", *SHORT)
        assert device.files() == {}
        assert device.rig.device.context.settings.echo
    assert done.exit_code == 130
    assert "stopped; the module is put back as it was" in done.stderr
    assert "stopped by Ctrl-C" in done.stdout
    assert load_device("ec200u-measured.toml").provenance["files.ram_bytes"].how == "measured"
    assert "did not come to its end" in Path("ec200u-measured.toml").read_text()


def test_ctrl_c_before_the_first_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(number: int) -> None:
        if number == 2:
            raise KeyboardInterrupt

    wrapped(monkeypatch, stop)
    done = probe("ec200u", "--yes", *SHORT)
    assert done.exit_code == 130
    assert "before anything was changed" in done.stderr
    assert files() == []


def test_what_could_not_be_put_back_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(number: int) -> None:
        if number >= 40:
            raise KeyboardInterrupt

    wrapped(monkeypatch, stop)
    done = probe("ec200u", "--yes", *SHORT)
    assert done.exit_code == 130
    assert "could not be put back: echo on" in done.stdout
