"""The numbers by which a host knows its open files."""

import pytest

from quecsim.at.context import Handles, OpenFile
from quecsim.at.results import AtError, Cme
from tests.device.bench import Bench


def opened(bench: Bench, name: str) -> OpenFile:
    return OpenFile(name, 0, bench.rig.device.context.ufs.open(name))


def test_the_lowest_free_number_until_there_is_none() -> None:
    bench, handles = Bench(), Handles(first=7, most=3)
    assert [handles.add(opened(bench, name)) for name in "abc"] == [7, 8, 9]
    assert handles.is_full
    del handles.files[8]
    assert not handles.is_full
    assert handles.add(opened(bench, "d")) == 8
    assert handles.get(8).name == "d"


def test_a_number_that_is_not_in_use_is_416() -> None:
    with pytest.raises(AtError) as caught:
        Handles(first=1, most=3).get(1)
    assert caught.value.cme is Cme.INVALID_HANDLE


def test_whether_a_name_is_open() -> None:
    bench, handles = Bench(), Handles(first=1, most=3)
    handles.add(opened(bench, "a"))
    assert handles.is_open("a")
    assert not handles.is_open("A")
