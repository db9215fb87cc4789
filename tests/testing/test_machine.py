"""The state machine finds nothing wrong with a right uploader, and something with wrong ones."""

from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from quecsim.faults import BitError
from quecsim.testing.machine import UploaderMachine
from tests.fuzz.uploaders import MISTAKES, right

FEW = settings(
    max_examples=12,
    stateful_step_count=8,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
)


class Right(UploaderMachine):
    def upload(self, port: Any, name: str, data: bytes) -> object:
        return right(port, name, data)


class NoCompare(UploaderMachine):
    fault_kinds = ("drop_bytes",)

    def upload(self, port: Any, name: str, data: bytes) -> object:
        return MISTAKES["no_compare"](port, name, data)


class BlindRetry(UploaderMachine):
    def upload(self, port: Any, name: str, data: bytes) -> object:
        return MISTAKES["blind_retry"](port, name, data)


def test_nothing_is_found_in_a_right_uploader() -> None:
    run_state_machine_as_test(Right, settings=FEW)


@pytest.mark.parametrize("machine", [NoCompare, BlindRetry])
def test_a_wrong_uploader_fails(machine: type[UploaderMachine]) -> None:
    with pytest.raises(AssertionError, match=r"nothing went wrong|was said to be|is not what"):
        run_state_machine_as_test(machine, settings=settings(FEW, max_examples=150))


class Cancelling(Right):
    """The same bit of two bytes flips, an even number of bytes apart: an exclusive or is as ever.

    Only on the way of the payload; `odd` spoils one byte more.
    """

    odd = False

    def upload(self, port: Any, name: str, data: bytes) -> object:
        return super().upload(NoisyPort(port, self), name, data)

    def spoil(self) -> None:
        for at_byte in (11, 21, 32) if self.odd else (11, 21):
            self.simulated.inject(BitError(at_byte=at_byte, bit=0))


class NoisyPort:
    def __init__(self, port: Any, machine: Cancelling) -> None:
        self._port, self._machine = port, machine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._port, name)

    def write(self, data: bytes) -> Any:
        if data.startswith(PAYLOAD[:100]):
            self._machine.spoil()
        return self._port.write(data)


PAYLOAD = bytes(range(256)) * 4


def uploaded(machine: UploaderMachine) -> bytes:
    """What is stored of PAYLOAD, with the machine's own word on it."""
    machine.start()
    try:
        machine.upload_file("UFS:ca.pem", PAYLOAD)
        machine.files_are_there()
        stored: bytes = machine.simulated.read_file("UFS:ca.pem")
        return stored
    finally:
        machine.teardown()


def test_what_no_uploader_can_tell_is_not_held_against_it() -> None:
    stored = uploaded(Cancelling())
    assert [at for at in range(len(PAYLOAD)) if stored[at] != PAYLOAD[at]] == [10, 20]


def test_what_a_checksum_shows_is_held_against_it() -> None:
    class Trusting(Cancelling):
        odd = True

        def upload(self, port: Any, name: str, data: bytes) -> object:
            return MISTAKES["no_compare"](NoisyPort(port, self), name, data)

    with pytest.raises(AssertionError, match="same size, 3 bytes differ, the first at byte 10"):
        uploaded(Trusting())


def test_bytes_that_the_uploader_itself_mixed_up_are_held_against_it() -> None:
    """Size and checksum are right here, too, but the line did nothing."""

    class Swapping(UploaderMachine):
        def upload(self, port: Any, name: str, data: bytes) -> object:
            return right(port, name, data[2:4] + data[:2] + data[4:])

    with pytest.raises(AssertionError, match="same size, 4 bytes differ, the first at byte 0"):
        uploaded(Swapping())


def test_it_must_be_said_how_to_upload() -> None:
    with pytest.raises(NotImplementedError, match="does not say how it uploads"):
        run_state_machine_as_test(UploaderMachine, settings=FEW)
