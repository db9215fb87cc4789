"""`wifi_deauth`: the access point throws the station out."""

from collections.abc import Mapping
from typing import Any, ClassVar

from quecsim.faults.armed import Armed
from quecsim.faults.cell_fault import CellFault
from quecsim.faults.fault import ORDINALS, TIMES_MS, Options
from quecsim.faults.network_fault import SENDS
from quecsim.faults.places import Places


class WifiDeauth(CellFault, frozen=True, kw_only=True, tag="wifi_deauth"):
    """The access point throws the device's station out, and with it every connection: when sending
    number `send` or connection number `connection` gets there, or at `at_ms`. The device joins it
    again by itself.
    """

    OVER: ClassVar[tuple[str, ...]] = ("Wi-Fi",)
    ORDER: ClassVar[int] = 395
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"send": 1},)
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = (
        {"send": SENDS},
        {"connection": ORDINALS},
        {"at_ms": TIMES_MS},
    )

    def words(self) -> str:
        """As in `thrown out of Wi-Fi at send 3`."""
        return f"thrown out of Wi-Fi {self.place()}"

    def happen(self, armed: Armed, places: Places, now_ns: int) -> None:
        """It is out now, where it was in."""
        if places.device.has_joined:
            armed.fire(now_ns, "the access point threw the station out")
            places.device.deauthenticate(now_ns)
