"""The real broker, once for all tests here, and the worlds to try everything in."""

from collections.abc import Iterator

import pytest

from tests.e2e.network.world import MOSQUITTO, PTY, VIRTUAL, World, open_world, servers
from tests.peers.mosquitto import Mosquitto

LIVE = [pytest.param(kind, marks=pytest.mark.pty) for kind in (PTY, MOSQUITTO)]
DEVICES = ["ec200u", "ec200s"]


@pytest.fixture(scope="session")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    running = Mosquitto(tmp_path_factory.mktemp("mosquitto"), servers())
    yield running
    running.stop()


@pytest.fixture(params=[VIRTUAL, *LIVE])
def kind(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(params=DEVICES)
def device(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def world(kind: str, device: str, request: pytest.FixtureRequest) -> Iterator[World]:
    real = request.getfixturevalue("mosquitto") if kind == MOSQUITTO else None
    with open_world(kind, device, real) as opened:
        yield opened
