"""However the host's bytes are cut, and whenever `advance` is called, it is the same run."""

from hypothesis import given

from tests.laws.driver import Cutter, Setup, Step, essence, law, play
from tests.laws.strategies import CUTTERS, SHARES, cases


def assert_same(setup: Setup, script: list[Step], cutter: Cutter) -> None:
    whole, cut = play(setup, script), play(setup, script, cutter)
    assert essence(cut.events) == essence(whole.events)
    assert cut.output == whole.output
    assert cut.files == whole.files
    assert cut.counters == whole.counters
    assert (cut.secrets, cut.revision, cut.power) == (whole.secrets, whole.revision, whole.power)


@law(150)
@given(cases(), CUTTERS)
def test_cutting_changes_nothing(case: tuple[Setup, list[Step]], cutter: Cutter) -> None:
    assert_same(*case, cutter)


@law(80)
@given(cases(), SHARES)
def test_the_record_does_not_show_when_somebody_looked(
    case: tuple[Setup, list[Step]], naps: list[int]
) -> None:
    assert play(*case, Cutter(naps=naps)).events == play(*case).events
