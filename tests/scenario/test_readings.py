"""Each plausible reading of a device: what is tried, and what hosts make of it."""

import pytest

from quecsim.faults.kinds.drop_bytes import DropBytes
from quecsim.profiles.loader import load_profile, profile_names
from quecsim.profiles.quirks import QUIRKS, Quirks, quirk_text
from quecsim.scenario.options import make_scenario
from quecsim.scenario.readings import readings
from quecsim.scenario.text import scenario_table, table_scenario

NAME = "UFS:ca.pem"


@pytest.mark.parametrize("device", profile_names())
def test_each_reading_is_a_scenario_that_the_device_can_have(device: str) -> None:
    start = make_scenario(device)
    for reading in readings(start, NAME):
        again = table_scenario(scenario_table(reading.scenario), "again")
        quirk = QUIRKS[reading.name]
        assert quirk.of(again.profile()) == reading.value
        assert again.profile().provenance[quirk.place].how == "assumed"


def test_what_is_known_is_not_tried() -> None:
    """FCM242D: the manual says how a write ends that has no more data; the EC200U's do not."""
    fcm242d, ec200u = ({each.name for each in readings(make_scenario(device), NAME)}
                       for device in ("fcm242d", "ec200u"))  # fmt: skip
    assert "write_timeout" not in fcm242d
    assert {"write_timeout", "upload_timeout", "missing_delete"} <= ec200u


def test_a_document_that_hosts_contradict_does_not_count_as_known() -> None:
    tried = {each.text for each in readings(make_scenario("m95"), NAME)}
    assert {"ftp_colon_blank=false", "slot_names=any"} <= tried


def test_all_three_ends_of_an_upload_are_tried_with_data_that_stops() -> None:
    tried = {
        reading.value: reading
        for reading in readings(make_scenario("ec200u"), NAME)
        if reading.name == "upload_timeout"
    }
    assert set(tried) == {"summary_then_421", "cme421", "summary_ok"}
    assert all(isinstance(each.scenario.faults[-1], DropBytes) for each in tried.values())
    assert all(each.can_fail for each in tried.values())


def test_what_the_scenario_says_itself_stays() -> None:
    start = make_scenario("ec200u", quirks={"missing_delete": "file_not_found"})
    assert "missing_delete" not in {each.name for each in readings(start, NAME)}
    assert all(
        each.scenario.quirks.missing_delete == "file_not_found" for each in readings(start, NAME)
    )


def test_every_quirk_has_its_word_and_its_place() -> None:
    assert set(QUIRKS) == set(Quirks.__struct_fields__)
    places = {place for name in profile_names() for place in load_profile(name).provenance}
    assert {quirk.place for quirk in QUIRKS.values()} <= places
    assert quirk_text("write_blank_line", value=False) == "write_blank_line=false"
    assert quirk_text("first_handle", 1) == "first_handle=1"
