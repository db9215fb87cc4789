"""`--service`: servers without a scenario file."""

import os
from pathlib import Path
from typing import Any

import click
import pytest

from quecsim.cli.device_options import device_options, scenario_from
from quecsim.cli.service_option import ServiceType
from quecsim.cli.words import Command
from quecsim.errors import QuecsimError
from quecsim.peers.ftp_settings import FtpFile, FtpSettings
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


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("mqtt://a:1", Service(host="a", port=1)),
        ("mqtts://a", Service(host="a", port=8883, tls=ServiceTls())),
        ("http://a:80/", Service(host="a", port=80, kind="http")),
        ("https://a", Service(host="a", port=443, kind="http", tls=ServiceTls())),
        ("http://a:1=expired", Service(host="a", port=1, kind="http", tls=ServiceTls("expired"))),
        ("ftps://[::1]", Service(host="::1", port=990, kind="ftp", tls=ServiceTls(),
                                 ftp=FtpSettings(implicit=True))),
        ("ftp://a=valid", Service(host="a", port=21, kind="ftp", tls=ServiceTls())),
        ("ntp://a", Service(host="a", port=123, kind="ntp")),
        ("echo://a", Service(host="a", port=7, kind="echo")),
        ("udp://a:9", Service(host="a", port=9, kind="udp")),
    ],
)  # fmt: skip
def test_other_kinds_by_their_scheme(text: str, service: Service) -> None:
    assert made(text).services == (service,)


def test_a_folder_of_files(tmp_path: Path) -> None:
    for name in ("index.html", "fw/new.bin", "fw/index.html", ".git/config", "fw/.hidden"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name.encode())
    (web,) = made(f"http://a={tmp_path}").services
    assert {name: file.content.decode() for name, file in web.http.files.items()} == {
        "/": "index.html",
        "/index.html": "index.html",
        "/fw/": "fw/index.html",
        "/fw/index.html": "fw/index.html",
        "/fw/new.bin": "fw/new.bin",
    }
    (secure,) = made(f"http://a:443=expired,{tmp_path}").services
    assert secure.tls == ServiceTls("expired")
    assert secure.http == web.http
    (one,) = made(f"ftp://a={tmp_path}").services
    assert "/index.html" in one.ftp.files
    assert "/" not in one.ftp.files
    (one,) = made(f"ftp://a={tmp_path / 'fw' / 'new.bin'}").services
    assert one.ftp.files == {"/new.bin": FtpFile(base64=b"fw/new.bin")}


def test_a_folder_that_cannot_be_served(tmp_path: Path) -> None:
    with pytest.raises(click.BadParameter, match="No such file"):
        ServiceType().convert(f"http://a={tmp_path / 'none'}", None, None)
    (tmp_path / "large").touch()
    os.truncate(tmp_path / "large", (1 << 24) + 1)
    with pytest.raises(click.BadParameter, match="more than 1000 files with 16 MiB"):
        ServiceType().convert(f"http://a={tmp_path}", None, None)


@pytest.mark.parametrize(
    ("text", "says"),
    [("gopher://a:1", "one of mqtt, mqtts, http"), ("tcp://a", "write tcp://HOST")],
)
def test_a_scheme_that_cannot_be(text: str, says: str) -> None:
    with pytest.raises(click.BadParameter, match=says):
        ServiceType().convert(text, None, None)


def test_what_a_scenario_has_there_stays() -> None:
    own = made(scenario="thread-57329").services
    assert own[0].mqtt.messages
    added = made("Broker.example.:8883=expired", "a.example:1883", scenario="thread-57329").services
    assert added == (*own, Service(host="a.example", port=1883))


@pytest.mark.parametrize("text", ["a", "a:", "a:x", "a:1=", "::1:1", "[::1]", ""])
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
        ("a:1=VALID", 'certificate must be "expired" or'),
        ("a:1=good", 'certificate must be "expired" or'),
    ],
)
def test_a_service_that_cannot_be(text: str, says: str) -> None:
    with pytest.raises(QuecsimError, match=says):
        made(text)


def test_two_of_one_place_are_one_too_many() -> None:
    with pytest.raises(QuecsimError, match="already"):
        made("a.example:1", "A.example:1=valid")
