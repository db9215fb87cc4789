"""An access point where a device is, as plain data."""

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from quecsim.profiles.schema import Address

Security: TypeAlias = Literal[
    "OPEN",
    "WEP_SHARED",
    "WPA_TKIP_PSK",
    "WPA_AES_PSK",
    "WPA2_TKIP_PSK",
    "WPA2_AES_PSK",
    "WPA2_MIXED_PSK",
    "WPA3_SAE",
    "WPA3_WPA2_MIXED",
    "AUTO_PSK",
]
Ssid = Annotated[
    str, Meta(pattern=r"^[!#-~ ]{1,32}\Z", description="1 to 32 characters of ASCII, no quotes")
]
Key = Annotated[
    str,
    Meta(
        pattern=r"^([!#-~ ]{8,63})?\Z",
        description="8 to 63 characters of ASCII, or none",
    ),
]
Bssid = Annotated[
    str,
    Meta(
        pattern=r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}\Z",
        description="six bytes in hexadecimal: 00:00:5e:00:53:01",
    ),
]


class AccessPoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An access point. One without a `key` is open; `security` None: OPEN, or WPA2_AES_PSK.

    A station that asks by DHCP is given `address`, `mask`, `gateway` and `dns`; without `dhcp`
    nobody answers it.
    """

    ssid: Ssid
    key: Key = ""
    security: Security | None = None
    channel: Annotated[int, Meta(ge=1, le=14)] = 6
    rssi_dbm: Annotated[int, Meta(ge=-100, le=-1)] = -45
    bssid: Bssid = "00:00:5e:00:53:01"
    dhcp: bool = True
    address: Address = "192.168.1.100"
    mask: Address = "255.255.255.0"
    gateway: Address = "192.168.1.1"
    dns: tuple[Address, Address] = ("192.168.1.1", "0.0.0.0")

    @property
    def words(self) -> Security:
        """Its security, as AT+QWSCAN has it."""
        return self.security or ("WPA2_AES_PSK" if self.key else "OPEN")


THE_USUAL = AccessPoint(ssid="testssid", key="123456789")
"""The one that there is unless a scenario says otherwise: that of the manual's example."""
