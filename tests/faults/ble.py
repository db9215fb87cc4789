"""A device that has a connection over Bluetooth LE, and faults: who uses this gets `trial_ble`."""

from collections.abc import Iterator

import pytest

from quecsim.faults import Fault
from tests.laws.ble_run import Run
from tests.laws.trial_ble import trial_ble


@pytest.fixture(autouse=True)
def _trial() -> Iterator[None]:
    with trial_ble():
        yield


def connected(*faults: Fault, want: str = "advertise", n: int = 20) -> Run:
    """A second after it has begun to advertise (or to `want` something else): the other side has
    connected, asked for an MTU, and sent one piece of data.
    """
    run = Run(faults=faults)
    run.want(want, n)
    run.go(1_000_000_000)
    return run


def answering(run: Run) -> list[bytes]:
    """What the other side has got: the numbers of the pieces."""
    assert run.peer is not None
    return [data[:6] for data in run.peer.received]
