"""The state machine finds nothing wrong with a right uploader, and something with wrong ones."""

from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

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


def test_it_must_be_said_how_to_upload() -> None:
    with pytest.raises(NotImplementedError, match="does not say how it uploads"):
        run_state_machine_as_test(UploaderMachine, settings=FEW)
