"""`mqtt_refused`: a broker does not let the client in."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from quecsim.border import Data, Why, Wish
from quecsim.faults.armed import Armed
from quecsim.faults.fault import ORDINALS, Count, Number, Options
from quecsim.faults.network_fault import TIMES, NetworkFault
from quecsim.faults.places import Places
from quecsim.faults.points import Aim
from quecsim.mqtt import ConnAck, encode

ReturnCode = Annotated[int, Meta(ge=1, le=5)]


class MqttRefused(NetworkFault, frozen=True, kw_only=True, tag="mqtt_refused"):
    """CONNECT number `connect`, and the `times - 1` after it, is answered by a CONNACK with `code`,
    and the connection closed, as MQTT 3.1.1 has it (3.2.2.3). The broker gets to see nothing of it.
    """

    OPENED_BY: ClassVar[tuple[str, ...]] = ("+QMTOPEN",)
    NEEDS_KIND: ClassVar[str] = "mqtt"
    AIMS: ClassVar[Mapping[str, Aim]] = {"mqtt_connect": Aim("connect")}
    ORDER: ClassVar[int] = 340
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"connect": 1},)
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = (
        {"connect": ORDINALS, "code": (3, 5, 4, 2, 1), "times": TIMES},
    )

    connect: Number = 1
    code: ReturnCode = 3
    times: Count = 1

    def words(self) -> str:
        """As in `CONNECT 1 and the 2 after it: the broker refuses with 5`."""
        more = f" and the {self.times - 1} after it" if self.times > 1 else ""
        return f"CONNECT {self.connect}{more}: the broker refuses with {self.code}"

    def arm(self, armed: Armed, places: Places) -> None:
        """From the next CONNECT on."""
        strike = partial(self._strike, armed, places)
        places.network.faults.at_wish("mqtt_connect", self.connect, self.times, strike)

    def _strike(self, armed: Armed, places: Places, now_ns: int, wish: Wish) -> bool:
        network, link = places.network, wish.link
        armed.fire(now_ns, f"{network.place(link)}: the broker refuses with {self.code}")
        network.say(now_ns, Data(link, encode(ConnAck(self.code))))
        network.cut(now_ns, link, Why.FIN)
        return False
