"""A check against a real broker: only where the command line says so."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.mosquitto import Mosquitto

PATIENCE_S = 120
CHECK = (sys.executable, "-m", "quecsim", "check", "ec200u", "--quiet")
HOST = (
    sys.executable, "-m", "quecsim", "upload", "{file}", "--port", "{port}", "--ack",
    "--then-connect", "broker.example:1883", "--no-tls",
)  # fmt: skip


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    folder = tmp_path / "mosquitto"
    folder.mkdir()
    made = Mosquitto(folder)
    yield made
    made.stop()


def check(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*CHECK, *options, "--", *HOST],
        cwd=folder, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip


@pytest.mark.pty
def test_a_host_is_checked_against_a_real_broker(tmp_path: Path, broker: Mosquitto) -> None:
    route = f"broker.example:1883=127.0.0.1:{broker.port}"
    done = check(tmp_path, "--route", route, "--need-connection")
    assert done.returncode == 0, done


@pytest.mark.pty
def test_without_a_route_nothing_is_reached(tmp_path: Path) -> None:
    done = check(tmp_path)
    assert done.returncode == 0, done  # the host says that it did not get there
    assert "nothing gives the device broker.example:1883" in " ".join(done.stdout.split())
    done = check(tmp_path, "--need-connection")
    assert done.returncode == 1, done
    assert "the host's connection did not come about" in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (("--route", "broker.example"), "is no route"),
        (("--listen", "80=192.0.2.1:80"), "lets others than this machine call the device"),
    ],
)
def test_what_cannot_be_is_one_message(tmp_path: Path, options: tuple[str, ...], what: str) -> None:
    done = check(tmp_path, *options)
    assert done.returncode == 2
    assert what in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
