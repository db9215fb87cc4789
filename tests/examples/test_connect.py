"""The hosts that go on to a broker: the right ones know what came of it, the wrong are caught."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from quecsim.faults.catalogue import read_fault
from quecsim.scenario.loader import load_scenario
from quecsim.tls.authority import authority_pem
from quecsim.virtual.run import FunctionRun, run_function
from tests.examples.hosts import HOSTS, Done, c_host, check, found, python_host, run

CA = authority_pem()
FASTER = ("--time-scale", "4")


def judged(program: list[str], folder: Path, *, port: str = "8883", data: bytes = CA) -> Done:
    """`quecsim check thread-57329 ... -- PROGRAM {port} {file} broker.example 8883`."""
    file = folder / "ca.pem"
    file.write_bytes(data)
    return check("thread-57329", program, file, *FASTER, more=("broker.example", port))


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module", params=["python", "c"])
def right(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    if request.param == "python":
        return python_host("connect")
    return c_host("connect", tmp_path_factory.mktemp("host"))


@pytest.mark.pty
def test_the_right_host_publishes(right: list[str], tmp_path: Path) -> None:
    done = judged(right, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "broker.example:8883: the message is acknowledged" in done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("passed")


@pytest.mark.pty
@pytest.mark.parametrize(
    ("port", "data"), [("8884", CA), ("8883", CA[:1035])], ids=["nobody", "cut"]
)
def test_the_right_host_says_that_the_broker_was_not_reached(
    right: list[str], tmp_path: Path, port: str, data: bytes
) -> None:
    done = judged(right, tmp_path, port=port, data=data)
    assert done.returncode == 0, done.stdout + done.stderr  # it knows
    assert "could not connect to broker.example" in words(done.stdout)
    assert "+QMTOPEN: 0,5" in done.stdout + done.stderr
    assert "acknowledged" not in done.stdout + done.stderr


CAUGHT = {
    "no_wait_for_result": "no-wait-for-result at",
    "no_wait_for_prompt": "data-before-prompt at",
    "nothing_compared": "ignored-connection at",
}


@pytest.mark.pty
@pytest.mark.parametrize("mistake", CAUGHT)
def test_each_mistake_is_caught_and_named(mistake: str, tmp_path: Path) -> None:
    done = judged(python_host("wrong_connect", mistake), tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert CAUGHT[mistake] in words(done.stdout)


@pytest.mark.pty
def test_the_wrong_c_host_is_caught_and_works_on_the_desk(tmp_path: Path) -> None:
    program = c_host("wrong_connect", tmp_path)
    done = judged(program, tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    said = words(done.stdout)
    assert "because bytes 1024..1176 of it were lost" in said
    assert "ignored-connection at" in said
    desk = tmp_path / "desk.toml"
    service = '[[service]]\nhost = "broker.example"\nport = 8883\ntls = { certificate = "valid" }\n'
    desk.write_text(f'title = "A"\nshows = "B."\ndevice = "ec200u"\n{service}')
    done = run(str(desk), program, tmp_path / "ca.pem", *FASTER, more=("broker.example", "8883"))
    assert done.returncode == 0, done.stderr
    assert "1 message published" in done.stderr


# in virtual time


def publishes(port: Any, name: str, data: bytes) -> None:
    """What connect.py does on an open port."""
    from connect import Mqtt  # type: ignore[import-not-found]
    from right import upload  # type: ignore[import-not-found]

    upload(port, name, data)
    Mqtt(port).publish("broker.example", "8883")


def virtually(
    monkeypatch: pytest.MonkeyPatch, *tables: dict[str, Any], data: bytes = CA
) -> FunctionRun:
    monkeypatch.syspath_prepend(HOSTS / "python")
    faults = tuple(map(read_fault, tables))
    scenario = msgspec.structs.replace(load_scenario(found("thread-57329")), faults=faults)
    return run_function(scenario, publishes, "UFS:ca.pem", data)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "ack_lost"},
        {"kind": "split_reply", "every": 1, "pause_ms": 300},
        {"kind": "urc", "moment": "inside_reply"},
        {"kind": "server_slow", "send": 1, "delay_ms": 3000},
    ],
)
def test_it_gets_over_what_is_no_failure(
    fault: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = virtually(monkeypatch, fault)
    assert done.error is None
    (counts,) = done.report.network.messages
    assert counts.published == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "dns_failure"},
        {"kind": "connect_refused"},
        {"kind": "connect_silence"},
        {"kind": "tls_alert"},
        {"kind": "mqtt_refused", "code": 5},
        {"kind": "server_closes", "send": 2},
        {"kind": "publish_unanswered", "times": 9},
        {"kind": "registration_lost", "at_ms": 0},
        {"kind": "bearer_lost", "at_ms": 2000},
    ],
    ids=lambda fault: fault["kind"],
)
def test_it_says_so_when_it_cannot(fault: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    done = virtually(monkeypatch, fault)
    assert type(done.error).__name__ in ("ConnectError", "UploadError")
    assert [count.fired for count in done.report.faults] != [0]
