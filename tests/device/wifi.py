"""A Wi-Fi device on the bench: as it is shipped, or in its network (`at.access_point`)."""

from functools import cache
from typing import Any

from msgspec.structs import replace

from quecsim.at.access_point import THE_USUAL, AccessPoint
from quecsim.at.station import Standing
from quecsim.at.surroundings import Surroundings
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from tests.device.bench import OK, Bench

JOIN = f'AT+QSTAAPINFO="{THE_USUAL.ssid}","{THE_USUAL.key}"'
UNJOINED = Surroundings(is_joined=False)


@cache
def shipped() -> Profile:
    return load_profile("fcm242d")


def profile(**parts: dict[str, Any]) -> Profile:
    """The FCM242D with some values changed: `profile(wifi={"retry_ms": 1000})`."""
    changed = {name: replace(getattr(shipped(), name), **values) for name, values in parts.items()}
    return replace(shipped(), **changed)


def fresh(*points: AccessPoint, device: Profile | None = None, **config: Any) -> Bench:
    """A device without echo that has never joined an access point; these are there."""
    around = Surroundings(access_points=points or (THE_USUAL,), is_joined=False)
    return silent(Bench(device or shipped(), around=around, **config))


def silent(bench: Bench) -> Bench:
    """Without echo."""
    bench.ask("AT+QECHO=0")
    return bench


def joined(bench: Bench | None = None) -> Bench:
    """A device without echo that has joined the usual access point, and has an address there.

    One that is in no network yet joins it now.
    """
    bench = bench or Bench(shipped())
    bench.ask("AT+QECHO=0")
    wlan = bench.rig.device.context.wlan
    assert wlan is not None
    if wlan.station.standing is not Standing.GOT_IP:
        bench.send(f"{JOIN}\r".encode())
        bench.until(OK)
        bench.until(b'"GOT_IP"\r\n')
    return bench


def urc(event: str) -> bytes:
    """What the host is told of the station."""
    return f'\r\n+QSTASTAT: "{event}"\r\n'.encode()
