import time
from collections.abc import Callable
from typing import Any

import pytest

from quecsim.errors import QuecsimError
from quecsim.faults import PowerCutFault, ResetFault
from quecsim.likeness.comparison import compare, record_of
from quecsim.likeness.module import session
from quecsim.likeness.script import script_of
from quecsim.likeness.words import verdict
from quecsim.profiles.loader import load_profile
from quecsim.trace import event as ev
from quecsim.virtual.virtual_time import virtual_time
from tests.likeness.spoken import part, spoken


@pytest.mark.parametrize("name", ["bg95", "ec200s", "ec200u", "ec25", "fc41d", "fcm242d", "m95"])
def test_a_device_of_each_family_is_like_itself(name: str) -> None:
    profile = load_profile(name)
    made, _ = spoken(profile, profile)
    found = compare(record_of(made.events, profile), profile)
    assert found.differences == ()
    assert found.compared > 90
    assert found.lost_at == ""
    assert found.unsent == ()
    assert [pair.what for pair in found.pairs if pair.differs] == []


def test_runs_of_a_script_are_one_comparison() -> None:
    profile = load_profile("ec200u")
    made, _ = spoken(profile, profile, part("the form of a line"), runs=7)
    found = compare(record_of(made.events, profile), profile)
    assert found.runs == 7
    assert verdict(found) == f"like: the replies of all {found.compared} exchanges agree, in 7 runs"
    assert {pair.module.count for pair in found.pairs} == {7}


@pytest.mark.parametrize("echo", [0, 1])
@pytest.mark.parametrize("cmee", [0, 1, 2])
def test_the_module_is_left_as_it_was(echo: int, cmee: int) -> None:
    profile = load_profile("ec200u")
    stored = {"own.pem": b"somebody's", "QSIMPROBE000.TMP": b"somebody's, too"}
    before = f"ATE{echo}+CMEE={cmee}"
    script = script_of('> AT+CMEE=2\n> ATE0\n> AT+QFUPL="{file}",3,5\n>> abc\n> ATE1\n', "mine")
    made, after = spoken(profile, profile, script, stored=stored, before=before)
    assert any(isinstance(event, ev.Stored) for event in made.events)
    assert made.not_restored == ()
    assert after == {
        "files": {f"UFS:{name}": len(data) for name, data in stored.items()},
        "echo": echo,
        "cmee": cmee,
    }


@pytest.mark.parametrize("at", [3, 30, 55, 57, 75, 90, 100, 110])
def test_ctrl_c_leaves_the_module_as_it_was(at: int) -> None:
    profile = load_profile("ec200u")

    def progress(done: int, _total: int) -> None:
        if done == at:
            raise KeyboardInterrupt

    before = "ATE0+CMEE=2"
    made, after = spoken(profile, profile, stored={"own": b"1"}, before=before, progress=progress)
    assert made.not_restored == ("the module is as it was",)
    assert after == {"files": {"UFS:own": 1}, "echo": 0, "cmee": 2}


class Mute:
    """A port at which nobody is, or somebody who says something of his own."""

    baudrate = 115200
    timeout: float | None = 0.05

    def __init__(self, said: bytes = b"") -> None:
        self._said = said

    @property
    def in_waiting(self) -> int:
        return len(self._said)

    def read(self, size: int = 1, /) -> bytes:
        said, self._said = self._said[:size], self._said[size:]
        if not said:
            time.sleep(self.timeout or 0)  # virtual
        return said

    def write(self, data: bytes, /) -> int:
        return len(data)

    def reset_output_buffer(self) -> None:
        pass

    def close(self) -> None:
        pass


def _fails(run: Callable[[], Any], message: str) -> QuecsimError:
    with pytest.raises(QuecsimError, match=message) as caught:
        run()
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("said", "told"),
    [(b"", "nothing answers"), (b"$GPGGA,1,2\r\n" * 3, r"GPGGA|GPS")],
)
def test_a_wrong_port_is_told(said: bytes, told: str) -> None:
    profile = load_profile("ec200u")
    with virtual_time():
        _fails(lambda: session(Mute(said), "/dev/x", profile, part("ACK"), 1), told)


def test_a_module_that_starts_anew_in_the_middle_is_told() -> None:
    profile = load_profile("ec200u")
    reset = ResetFault(at_ms=6000)
    error = _fails(lambda: spoken(profile, profile, faults=(reset,)), "started anew in the middle")
    assert "after AT+" in error.message


def test_a_module_that_goes_off_in_the_middle_is_told() -> None:
    profile = load_profile("ec200u")
    off = PowerCutFault(at_ms=6000)
    error = _fails(lambda: spoken(profile, profile, faults=(off,)), "does not answer any more")
    assert "not put back: " in error.message
