"""The deliberate cases: hosts that know one kind of module only are caught by its quirks."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from quecsim.faults import DnsFailure
from quecsim.faults.catalogue import KINDS
from quecsim.fuzz.first import first_cases
from quecsim.fuzz.hosts import FunctionHost
from quecsim.fuzz.search import Found, Search
from quecsim.profiles.quirks import QUIRKS, given
from quecsim.scenario.network import Service
from quecsim.scenario.options import make_scenario
from quecsim.scenario.readings import readings
from quecsim.scenario.schema import Scenario
from quecsim.testing.own_uploader import upload
from tests.fuzz import quirk_hosts
from tests.fuzz.uploaders import right

NAME = "UFS:ca.pem"


def with_quirks(device: str = "ec200u") -> list[Scenario]:
    """Those of the first cases that are about a quirk."""
    return [case for case in first_cases(make_scenario(device)) if list(given(case.quirks))]


def found(host: Callable[..., Any], cases: list[Scenario]) -> dict[str, Found]:
    result = Search(FunctionHost(host)).run(cases)
    return {each.finding.slug: each for each in result.found}


def test_every_reading_is_among_the_first_cases() -> None:
    told = [given(case.quirks) for case in with_quirks()]
    tried = [{quirk.name: value for quirk, value in one} for one in told]
    wanted = [{each.name: each.value} for each in readings(make_scenario("ec200u"), NAME)]
    assert tried == wanted
    assert len({name for one in tried for name in one}) > 15


@pytest.mark.parametrize(
    ("host", "slug", "quirk", "value"),
    [
        (quirk_hosts.knows_only_418, "failed", "missing_delete", "file_not_found"),
        (quirk_hosts.compares_text, "intact-but-said-failed", "checksum_padded", True),
        (quirk_hosts.blank_line, "intact-but-said-failed", "write_blank_line", False),
    ],
)
def test_a_host_that_knows_one_reading_only_is_found_and_the_quirk_is_named(
    host: Callable[..., Any], slug: str, quirk: str, value: object
) -> None:
    cases = [case for case in with_quirks() if getattr(case.quirks, quirk) is not None]
    (name, one), *_ = found(host, cases).items()
    assert name.startswith(slug)
    assert name.endswith(quirk.replace("_", "-"))
    assert QUIRKS[quirk].of(one.case.profile()) == value


def test_a_host_that_takes_any_summary_for_success_is_caught_wherever_there_is_one() -> None:
    told = {}
    for case in with_quirks():
        if case.quirks.upload_timeout is not None:
            finding = FunctionHost(quirk_hosts.takes_any_summary).run(case).finding
            told[case.quirks.upload_timeout] = finding and finding.slug
    lost = "said-ok-but-lost-drop-bytes-upload-timeout"
    assert told == {"cme421": None, "summary_then_421": lost, "summary_ok": lost}


def test_a_host_that_loops_on_any_number_but_405_hangs_on_the_device_as_it_is() -> None:
    base = make_scenario("ec200u")
    (case, *_) = first_cases(base, NAME, b"a" * 100)
    run = FunctionHost(quirk_hosts.knows_only_405).run(case)
    assert run.finding is not None
    assert run.finding.slug == "hangs"


def test_a_host_that_fails_with_the_blank_line_fails_on_the_device_as_it_is() -> None:
    (case, *_) = first_cases(make_scenario("ec200u"), NAME, b"a" * 100)
    run = FunctionHost(quirk_hosts.no_blank_line).run(case)
    assert run.finding is not None
    for reading in readings(make_scenario("ec200u"), NAME):
        if reading.text == "write_blank_line=false":
            (case, *_) = first_cases(reading.scenario, NAME, b"a" * 100)
            assert FunctionHost(quirk_hosts.no_blank_line).run(case).finding is None


@pytest.mark.parametrize("device", ["ec200u", "ec200t", "m95"])
@pytest.mark.parametrize("host", [right, upload])
def test_nothing_is_found_in_a_right_host_under_any_quirk(
    host: Callable[..., Any], device: str
) -> None:
    assert list(found(host, with_quirks(device))) == []


def network_kinds(base: Scenario, *, connects: bool = True) -> set[str]:
    cases = first_cases(base, connects=lambda: connects)
    return {fault.kind for case in cases for fault in case.faults if fault.NEEDS_SERVER}


def test_faults_of_the_network_are_tried_where_they_could_fire() -> None:
    plain = make_scenario("ec200u")
    there = replace(plain, services=(Service(host="broker.example", port=1883),))
    assert network_kinds(plain) == set()
    fitting = {
        kind
        for kind, fault in KINDS.items()
        if fault.NEEDS_SERVER and fault.suits(plain.device_profile)
    }
    assert network_kinds(there) == fitting
    assert network_kinds(there, connects=False) == set(), "the host has no use for it"
    asked = [case.faults for case in first_cases(plain, kinds=["dns_failure"]) if case.faults]
    assert asked == [(DnsFailure(),)], "who asks for it by name gets it"


def test_whether_the_host_connects_is_asked_after_the_cases_without_faults() -> None:
    """A search knows by then: nothing is tried in vain."""
    base = replace(make_scenario("ec200u"), services=(Service(host="broker.example", port=1883),))
    search = Search(FunctionHost(right))
    cases = first_cases(base, connects=lambda: search.result.coverage.connects)
    result = search.run(cases, most_cases=60)
    assert result.coverage.fired
    assert not any(KINDS[kind].NEEDS_SERVER for kind in result.coverage.fired)
    assert result.coverage.points["connection"] == 0
