import pytest
from msgspec import structs

from quecsim.render.page.filemap import UNITS, file_map
from quecsim.report.model import Upload
from quecsim.run.recorded import recorded
from tests.cli.test_report import record


@pytest.fixture(scope="module")
def upload() -> Upload:
    return recorded(record("thread-57329")).report.uploads[0]


def test_a_hole_is_where_it_is_in_the_file(upload: Upload) -> None:
    made = file_map(upload, [(1024, 1177)])
    (hole,) = made.stretches
    assert hole.begin == pytest.approx(1024 / 1188 * UNITS)
    assert hole.width == pytest.approx(153 / 1188 * UNITS)
    assert made.text == "153 bytes lost in 1 place, 1035 bytes of 1188 stored"


def test_what_was_never_sent_is_told_apart(upload: Upload) -> None:
    short = structs.replace(upload, size=2000)
    made = file_map(short, [(0, 1)])
    assert [stretch.kind for stretch in made.stretches] == ["lost", "missing"]
    assert made.stretches[0].width == 1.0  # a single byte can be seen
    assert "812 bytes not sent before it ended" in made.text


def test_thousands_of_holes_are_no_more_than_can_be_seen(upload: Upload) -> None:
    large = structs.replace(upload, size=1_000_000, sent=1_000_000)
    made = file_map(large, [(n, n + 5) for n in range(0, 1_000_000, 10)])
    assert len(made.stretches) <= UNITS
    assert all(s.begin >= 0 and s.begin + s.width <= UNITS + 1 for s in made.stretches)


def test_what_came_beyond_the_announced_size_is_not_taken_for_the_file(upload: Upload) -> None:
    """Commands that became data, for instance: the size is the one of the verdict's sentence."""
    longer = structs.replace(upload, sent=1214, stored=1058)
    assert file_map(longer, [(1024, 1177)]).text == (
        "153 bytes lost in 1 place, 1058 bytes of 1188 stored;"
        " 26 bytes came beyond the announced 1188"
    )
