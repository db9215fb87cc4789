"""`--service`: a broker without a scenario file."""

from typing import Any

import click
import pytest

from quecsim.cli.device_options import ServiceType, device_options, scenario_from
from quecsim.cli.words import Command
from quecsim.errors import QuecsimError
from quecsim.scenario.network import Service, ServiceTls
from quecsim.scenario.schema import Scenario


def made(*services: str, scenario: str | None = None) -> Scenario:
    """As a command has it that is given those."""

    @click.command(cls=Command)
    @device_options
    def command(**options: Any) -> Scenario:
        return scenario_from(None if scenario else "ec200u", scenario, options)

    words = [word for service in services for word in ("--service", service)]
    found = command.main(words, standalone_mode=False)
    assert isinstance(found, Scenario)
    return found


def test_a_service_is_a_table_of_the_scenario() -> None:
    assert made("a.example:1883", "[::1]:1=expired").services == (
        Service(host="a.example", port=1883),
        Service(host="::1", port=1, tls=ServiceTls(certificate="expired")),
    )


def test_what_a_scenario_has_there_stays() -> None:
    own = made(scenario="thread-57329").services
    assert own[0].mqtt.messages
    added = made("Broker.example.:8883=expired", "a.example:1883", scenario="thread-57329").services
    assert added == (*own, Service(host="a.example", port=1883))


@pytest.mark.parametrize("text", ["a", "a:", "a:x", "a:1=", "::1:1", "a:1=VALID", "[::1]", ""])
def test_what_is_no_service_is_told_with_its_form(text: str) -> None:
    with pytest.raises(click.BadParameter, match="write HOST:PORT"):
        ServiceType().convert(text, None, None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a b:1", "host must be a name or an address"),
        ("*:1", "host must be a name or an address"),
        (":1", "host must be a name or an address"),
        ("a:0", "port must be a whole number from 1 to 65535"),
        ("a:65536", "port must be a whole number from 1 to 65535"),
        ("a:1=good", 'certificate must be "expired" or'),
    ],
)
def test_a_service_that_cannot_be(text: str, says: str) -> None:
    with pytest.raises(QuecsimError, match=says):
        made(text)


def test_two_of_one_place_are_one_too_many() -> None:
    with pytest.raises(QuecsimError, match="already"):
        made("a.example:1", "A.example:1=valid")
