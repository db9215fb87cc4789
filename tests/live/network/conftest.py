from collections.abc import Iterator

import pytest

from tests.live.network.bench import Served


@pytest.fixture
def served() -> Iterator[Served]:
    made = Served()
    yield made
    made.close()
