"""The wrong hosts: each one is caught, in a scenario that its right neighbour survives."""

from pathlib import Path

import pytest

from tests.examples.hosts import (
    PAYLOAD,
    PLAIN,
    c_host,
    check,
    node_host,
    python_host,
    run,
    shell_host,
)

pytestmark = pytest.mark.pty

FASTER = ("--time-scale", "5")  # where the host has no times of its own
CAUGHT = {  # in which scenario, and what is said
    "no_wait_for_connect": ("typical-flash", "data-before-connect at"),
    "ack_ignored": ("thread-57329", "byte 1024 was lost because you did not wait for `A`"),
    "size_in_characters": ("typical-flash", "the host announced"),
    "println": ("typical-flash", "ca.pem differs from byte"),
    "no_compare": ("thread-57329", "ignored-error at"),
    "blind_retry": ("already-there.toml", "because you did not delete the old file"),
    "fixed_sleep": ("long-stop.toml", "gave-up-early at"),
}
ON_THE_DESK = {"no_wait_for_connect", "ack_ignored", "size_in_characters", "no_compare"}


def written(folder: Path, data: bytes) -> Path:
    path = folder / "any.pem"
    path.write_bytes(data)
    return path


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("mistake", CAUGHT)
def test_each_mistake_is_caught_and_named(mistake: str, tmp_path: Path) -> None:
    scenario, said = CAUGHT[mistake]
    options = () if mistake == "fixed_sleep" else FASTER
    program = python_host("wrong", mistake)
    done = check(scenario, program, written(tmp_path, PAYLOAD), *options)
    assert done.returncode == 1, done.stderr
    assert said in words(done.stdout)


@pytest.mark.parametrize("mistake", sorted(ON_THE_DESK))
def test_on_the_desk_it_works(mistake: str, tmp_path: Path) -> None:
    done = run("typical-flash", python_host("wrong", mistake), written(tmp_path, PLAIN))
    assert done.returncode == 0, done.stderr
    assert "uploaded" in done.stdout
    assert "intact   ca.pem" in done.stderr


def test_the_c_host_does_not_wait_for_the_a(tmp_path: Path) -> None:
    program = c_host("wrong", tmp_path)
    done = check("thread-57329", program, written(tmp_path, PAYLOAD), *FASTER)
    assert done.returncode == 1, done.stderr
    assert "byte 1024 was lost because you did not wait for `A`" in words(done.stdout)
    assert "+CME ERROR: 421" in done.stderr + done.stdout


def test_the_node_host_counts_characters(tmp_path: Path) -> None:
    program = node_host("wrong", tmp_path / "node")
    done = run("typical-flash", program, written(tmp_path, PAYLOAD))
    assert done.returncode == 1, done.stderr
    assert "sent after the file met the" in words(done.stderr)


def test_the_shell_host_does_not_wait(tmp_path: Path) -> None:
    done = check("long-stop.toml", shell_host("wrong"), written(tmp_path, PAYLOAD))
    assert done.returncode == 1, done.stderr
    assert "gave-up-early at" in words(done.stdout)
