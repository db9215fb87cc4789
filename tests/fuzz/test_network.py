"""Searches for what breaks hosts that have to do with the network alone."""

from collections.abc import Mapping
from itertools import chain
from pathlib import Path

import pytest
from msgspec.structs import replace

from quecsim.fuzz.case import load_case, make_case
from quecsim.fuzz.draw import drawn_cases
from quecsim.fuzz.exhaust import Plan, parse_every
from quecsim.fuzz.first import first_cases
from quecsim.fuzz.hosts import FunctionHost
from quecsim.fuzz.search import Search, SearchResult
from quecsim.peers.http_settings import HttpFile, HttpSettings
from quecsim.scenario.network import Service
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Check, Scenario
from quecsim.virtual.run import Uploader
from tests.fuzz import network_hosts

WEB = HttpSettings(files={"/page": HttpFile(text="a page of a few words")})
SERVICES = (
    Service(host="web.example", port=80, kind="http", http=WEB),
    Service(host="echo.example", port=7, kind="echo"),
)
GENERIC = (
    "dns_failure", "connect_refused", "connect_silence", "server_closes", "server_slow",
    "link_down", "bearer_lost", "registration_lost",
)  # fmt: skip
RIGHT = [network_hosts.fetches, network_hosts.publishes]
WRONG = [network_hosts.fetches_blindly, network_hosts.publishes_blindly]


def base() -> Scenario:
    made = make_scenario("ec200u", speed="unlimited")
    return replace(made, services=SERVICES, check=Check(expect="no-upload"))


def searched(host: Uploader, most: int, folder: Path | None = None) -> SearchResult:
    scenario = base()
    cases = chain(
        first_cases(scenario, payload=b""), drawn_cases(scenario, 1, payload=b"", kinds=GENERIC)
    )
    fixed = frozenset({"service", "check"})
    return Search(FunctionHost(host, "a host"), folder=folder, fixed=fixed).run(cases, most)


@pytest.mark.parametrize("host", RIGHT)
def test_nothing_is_found_of_a_right_one(host: Uploader) -> None:
    result = searched(host, 120)
    assert [each.finding.sentence for each in result.found] == []
    assert set(GENERIC) <= set(result.coverage.fired)


@pytest.mark.parametrize("host", WRONG)
def test_a_wrong_one_is_found(host: Uploader, tmp_path: Path) -> None:
    result = searched(host, 60, tmp_path)
    bases = {each.finding.base for each in result.found}
    assert "ignored-connection" in bases
    found = next(each for each in result.found if each.finding.base == "ignored-connection")
    assert len(found.case.faults) == 1
    assert found.saved is not None
    again = load_case(found.saved.path)
    assert again.check.expect == "no-upload"
    shown = FunctionHost(host).run(again).finding
    assert shown is not None
    assert shown.slug == found.finding.slug


@pytest.fixture(scope="module")
def points() -> Mapping[str, int]:
    found = FunctionHost(network_hosts.fetches).run(make_case(base(), b"")).points
    assert found is not None
    return found


EVERY = (
    "dns_failure", "connect_refused", "connect_silence", "server_closes", "server_closes:send",
    "link_down", "server_slow", "server_slow:connection", "bearer_lost", "registration_lost",
)  # fmt: skip


@pytest.mark.parametrize("every", EVERY)
def test_every_point_of_a_fetch(every: str, points: Mapping[str, int]) -> None:
    """Each fires, and the host has the page, or says that it has not."""
    made = Plan(make_case(base(), b""), [parse_every(every)], points)
    assert len(made) >= 1
    result = Search(FunctionHost(network_hosts.fetches)).run(made.cases())
    assert result.coverage.fired[every.partition(":")[0]] == result.cases == len(made)
    assert [each.finding.sentence for each in result.found] == []


def test_a_page_that_ends_too_soon_is_none(points: Mapping[str, int]) -> None:
    """Where the last bytes are missing, who does not look at the result believes to have it."""
    made = Plan(make_case(base(), b""), [parse_every("link_down")], points)
    (found,) = Search(FunctionHost(network_hosts.fetches_blindly)).run(made.cases()).found
    assert found.finding.base == "ignored-connection"
