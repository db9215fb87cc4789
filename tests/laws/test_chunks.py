"""However the host's bytes are cut, and whenever `advance` is called, it is the same run."""

from hypothesis import given

from tests.laws.driver import Cutter, Setup, Step, essence, law, play
from tests.laws.strategies import CUTTERS, scripts, setups


def assert_same(setup: Setup, script: list[Step], cutter: Cutter) -> None:
    whole, cut = play(setup, script), play(setup, script, cutter)
    assert essence(cut.events) == essence(whole.events)
    assert cut.output == whole.output
    assert cut.files == whole.files
    assert cut.counters == whole.counters


@law(150)
@given(setups(), scripts(), CUTTERS)
def test_cutting_changes_nothing(setup: Setup, script: list[Step], cutter: Cutter) -> None:
    assert_same(setup, script, cutter)
