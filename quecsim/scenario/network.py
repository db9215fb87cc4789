"""What stands behind the device: `[[service]]`, servers in process; `[[name]]`, what resolves;
`[[caller]]`, who calls the device; and `[[route]]`, real servers.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from quecsim.peers.echo_settings import EchoSettings
from quecsim.peers.ftp_settings import FtpSettings
from quecsim.peers.http_settings import HttpSettings
from quecsim.peers.mqtt_settings import BrokerSettings
from quecsim.peers.ntp_settings import NtpSettings
from quecsim.peers.simple import SimpleSettings
from quecsim.profiles.schema import WhyWord

Port = Annotated[int, Meta(ge=1, le=65_535)]
HostName = Annotated[
    str,
    Meta(
        pattern=r"^[0-9A-Za-z_.:-]{1,253}\Z",
        description="a name or an address, 1 to 253 characters: one host, without a port",
    ),
]
Address = Annotated[
    str,
    Meta(
        pattern=r"^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9A-Fa-f.]*:[0-9A-Fa-f.:]*)\Z",
        description="an address, for instance 192.0.2.10",
    ),
]
Target = Annotated[
    str,
    Meta(
        pattern=r"^([0-9]{1,3}(\.[0-9]{1,3}){3}|\[[0-9A-Fa-f.:]+\]):[0-9]{1,5}\Z",
        description="ADDRESS:PORT, for instance 127.0.0.1:18831 or [::1]:18831",
    ),
]
Kind = Literal["mqtt", "http", "ftp", "echo", "ntp", "tcp", "udp"]
Certificate = Literal["valid", "expired", "not-yet-valid", "self-signed", "other-ca", "wrong-name"]
ClientCertificate = Literal["none", "asked", "required"]


class ServiceTls(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A server's TLS: which certificate it shows, and whether it wants one of the device.

    All of them come from the simulator's own authority, whose certificate `quecsim authority`
    writes. What is wrong with them is in `quecsim.tls.authority`.
    """

    certificate: Certificate = "valid"
    client: ClientCertificate = "none"


class Service(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A server in process, which the device reaches as `host`:`port`.

    `address` is what the name resolves to, unless a `[[name]]` says otherwise, or `host` is an
    address itself. `tls` is left out where the server speaks none. What it is like is in the table
    that is called like its `kind`: an MQTT broker
    (`quecsim.peers.mqtt_settings.BrokerSettings`), an HTTP server (`http_settings.HttpSettings`),
    an FTP server (`ftp_settings.FtpSettings`), an echo, a time server, or one that does steps, over
    connections or with datagrams (`simple.SimpleSettings`).
    """

    host: HostName
    port: Port
    kind: Kind = "mqtt"
    address: Address = "192.0.2.10"
    tls: ServiceTls | None = None
    mqtt: BrokerSettings = BrokerSettings()
    http: HttpSettings = HttpSettings()
    ftp: FtpSettings = FtpSettings()
    echo: EchoSettings = EchoSettings()
    ntp: NtpSettings = NtpSettings()
    tcp: SimpleSettings = SimpleSettings()
    udp: SimpleSettings = SimpleSettings()

    @property
    def protocol(self) -> str:
        """How it is reached: tcp, udp or any."""
        if self.kind == "echo":
            return self.echo.protocol
        return "udp" if self.kind in ("ntp", "udp") else "tcp"


class Name(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `host` resolves to, for `ttl_s`; the first of the addresses is the one that is reached.

    Servers of that name are at these addresses; there need be none.
    """

    host: HostName
    addresses: Annotated[tuple[Address, ...], Meta(min_length=1, max_length=16)]
    ttl_s: Annotated[int, Meta(ge=0, le=(1 << 31) - 1)] = 300


class BrokerClaim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What comes of a connection to the scenario's first broker, by its claim.

    The host connects `when` the file is up, or before, and then uploads it. Its TLS context has the
    file that goes up as its authorities; with `client`, UFS:client.pem and UFS:client.key as its
    own. It subscribes to `subscribe`. With `twin` another client of the module comes with the same
    name.

    `command` is that which ends badly, with `code` and `why`; left out, none does. `message` is
    what the host is told of the topic.
    """

    when: Literal["after", "before"] = "after"
    checks_time: bool = False
    client: bool = False
    subscribe: str = ""
    twin: bool = False
    command: Literal["", "+QMTOPEN", "+QMTCONN", "+QMTSTAT"] = ""
    code: Annotated[int, Meta(ge=-1, le=99)] = 0
    why: WhyWord | Literal[""] = ""
    message: str = ""


class Route(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A real server: what the device calls `name`:`port` is at `to` (ADDRESS:PORT, a literal)."""

    name: HostName
    port: Port
    to: Target
