"""The right hosts, one in each language: whole files where it is possible, else an honest no."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import quecsim
from tests.examples.hosts import PAYLOAD, c_host, check, node_host, python_host, run, shell_host

pytestmark = pytest.mark.pty

START: dict[str, Callable[[Path], list[str]]] = {
    "python": lambda _: python_host("right"),
    "c": lambda folder: c_host("right", folder),
    "node": lambda folder: node_host("right", folder),
    "shell": lambda _: shell_host("right"),
}


@pytest.fixture(scope="module", params=START)
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return START[request.param](tmp_path_factory.mktemp("host"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "any.pem"
    path.write_bytes(PAYLOAD)
    return path


@pytest.mark.parametrize("scenario", ["thread-57329", "worst-flash"])
def test_it_brings_the_file(program: list[str], file: Path, scenario: str) -> None:
    done = run(scenario, program, file)
    assert done.returncode == 0, done.stderr
    assert f"UFS:ca.pem: {len(PAYLOAD)} bytes" in done.stdout
    assert "verified" in done.stdout
    assert f"intact   ca.pem: all {len(PAYLOAD)} bytes are stored" in done.stderr


@pytest.mark.parametrize("scenario", ["typical-flash", "already-there.toml", "awkward.toml"])
def test_its_conduct_is_good(program: list[str], file: Path, scenario: str) -> None:
    done = check(scenario, program, file, "--need-faults")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("passed")


@pytest.mark.parametrize("size", [1, 1024, 2047])
def test_every_byte_is_the_files(program: list[str], tmp_path: Path, size: int) -> None:
    """Also at the edges: one byte, a last block that is full, an odd number."""
    data = bytes(range(256)) * 8
    file = tmp_path / "any.bin"
    file.write_bytes(data[:size])
    with quecsim.open("ec200u") as device:
        subprocess.run([*program, device.port, str(file)], check=True, timeout=60)
        assert device.read_file("UFS:ca.pem") == data[:size]
    assert len(device.report().uploads) == 1


def test_it_does_not_need_an_a_for_the_last_block(program: list[str], tmp_path: Path) -> None:
    file = tmp_path / "any.bin"
    file.write_bytes(bytes(2048))
    profile = tmp_path / "mine.toml"
    profile.write_text(
        'extends = "ec200u"\ntitle = "No A at the end"\n[files]\n'
        'ack_final_full_block = { value = false, how = "measured", source = "a test" }\n'
    )
    scenario = tmp_path / "scenario.toml"
    scenario.write_text(f'title = "No A"\nshows = "It."\ndevice = "{profile}"\n')
    done = run(str(scenario), program, file)
    assert done.returncode == 0, done.stderr


def test_it_says_so_when_the_module_has_no_such_upload(program: list[str], file: Path) -> None:
    done = run("fcm242d-certificate", program, file)
    assert done.returncode == 1
    assert "ERROR" in done.stderr
    assert "verified" not in done.stdout
    assert "Traceback" not in done.stderr
