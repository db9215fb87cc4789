"""A device whose host uploads a CA and connects with it, and records of connections by hand."""

from collections.abc import Iterable
from typing import Any

from quecsim.border import Failed, Opened, TlsWish, Why
from quecsim.peers.broker import Broker
from quecsim.peers.mqtt_settings import BrokerSettings
from quecsim.peers.served import Offer, Served
from quecsim.profiles.schema import Profile
from quecsim.report.builder import ReportBuilder
from quecsim.report.connection import Connection, NetworkReport
from quecsim.report.model import Report
from quecsim.rig import RigConfig
from quecsim.tls.authority import authority_pem, server_tls
from quecsim.tls.outcome import news_of
from quecsim.trace import event as ev
from quecsim.units import s
from tests.report.story import DEVICE, Story

CA = authority_pem()
CALENDAR_S = 1_780_000_000  # 2026-05-28
OWNER = "MQTT client 0"


def handshake(wish: TlsWish, host: str) -> Opened | Failed:
    """What a server gives whose certificate the authority has signed."""
    return news_of(wish, host, server_tls("valid"))


class NetworkStory(Story):
    """Its brokers are broker.example:1883 and, with TLS, broker.example:8883."""

    def __init__(
        self,
        profile: Profile = DEVICE,
        config: RigConfig | None = None,
        settings: BrokerSettings | None = None,
    ) -> None:
        self.broker = Broker(settings)
        offers = {
            ("broker.example", 1883): Offer(self.broker, "192.0.2.10"),
            ("broker.example", 8883): Offer(self.broker, "192.0.2.10", handshake),
        }
        super().__init__(profile, config, peer=Served(offers))
        self.wait(s(3))
        self.ask("ATE0")

    def ask(self, command: str, rest_ns: int = s(3)) -> "NetworkStory":
        self.say(0, command.encode() + b"\r").wait(rest_ns)
        return self

    def upload(self, name: str, data: bytes, size: int | None = None) -> "NetworkStory":
        self.ask(f'AT+QFUPL="{name}",{len(data) if size is None else size},1', s(1))
        self.say(0, data).wait(s(6))
        return self

    def names_ca(self, name: str = "UFS:ca.pem", client: int = 0) -> "NetworkStory":
        self.ask(f'AT+QSSLCFG="cacert",2,"{name}"').ask('AT+QSSLCFG="seclevel",2,1')
        return self.ask(f'AT+QMTCFG="ssl",{client},1,2')

    def opens(self, port: int = 8883, host: str = "broker.example") -> "NetworkStory":
        return self.ask(f'AT+QMTOPEN=0,"{host}",{port}', s(6))

    @property
    def network(self) -> NetworkReport:
        return self.report.network

    @property
    def last(self) -> Connection:
        return self.network.connections[-1]


def report_of(events: Iterable[Any]) -> Report:
    builder = ReportBuilder()
    builder.feed(events)
    return builder.report()


def asked(link: int = 1, **values: object) -> ev.LinkAsked:
    known: dict[str, object] = {"calendar_s": CALENDAR_S} | values
    return ev.LinkAsked(s(link), link, OWNER, "broker.example", 8883, "tcp", **known)  # type: ignore[arg-type]


def failed(why: Why, detail: str = "", file: str = "", link: int = 1) -> ev.LinkFailed:
    return ev.LinkFailed(s(link) + 1, link, OWNER, "broker.example", 8883, why, detail, file)


def result(
    command: str, code: int, why: str = "", detail: str = "", link: int = 1
) -> ev.ClientResult:
    return ev.ClientResult(s(link) + 2, OWNER, command, code, link, why, detail)
