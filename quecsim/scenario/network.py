"""What stands behind the device: `[[service]]`, servers in process, and `[[route]]`, real ones."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from quecsim.peers.mqtt_settings import BrokerSettings
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
Kind = Literal["mqtt"]
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

    `address` is what the name resolves to. `tls` is left out where the server speaks none. `mqtt`
    is what the broker is like (`quecsim.peers.mqtt_settings.BrokerSettings`).
    """

    host: HostName
    port: Port
    kind: Kind = "mqtt"
    address: Address = "192.0.2.10"
    tls: ServiceTls | None = None
    mqtt: BrokerSettings = BrokerSettings()


class BrokerClaim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What comes of a connection to the first `[[service]]`, by the scenario's claim.

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
