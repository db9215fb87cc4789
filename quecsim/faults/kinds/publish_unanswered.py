"""`publish_unanswered`: a broker's answer to a PUBLISH gets lost."""

from collections.abc import Mapping
from typing import Any, ClassVar

from quecsim.faults.armed import Armed
from quecsim.faults.fault import ORDINALS, Count, Number, Options
from quecsim.faults.network_fault import NetworkFault
from quecsim.faults.places import Places
from quecsim.faults.points import Aim


class PublishUnanswered(NetworkFault, frozen=True, kw_only=True, tag="publish_unanswered"):
    """PUBACK or PUBREC number `answer`, and the `times - 1` after it, never gets to the device.

    The broker has the message, so one that is sent again is there twice, at QoS 1.
    """

    OPENED_BY: ClassVar[tuple[str, ...]] = ("+QMTOPEN",)
    NEEDS_KIND: ClassVar[str] = "mqtt"
    AIMS: ClassVar[Mapping[str, Aim]] = {"mqtt_answer": Aim("answer")}
    ORDER: ClassVar[int] = 350
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"answer": 1},)
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = ({"answer": ORDINALS, "times": (1, 2, 9)},)

    answer: Number = 1
    times: Count = 1

    def words(self) -> str:
        """As in `answer 1 of a broker to PUBLISH, and the 2 after it, never comes`."""
        more = f", and the {self.times - 1} after it," if self.times > 1 else ""
        return f"answer {self.answer} of a broker to PUBLISH{more} never comes"

    def arm(self, armed: Armed, places: Places) -> None:
        """From the next answer on."""

        def strike(now_ns: int, link: int, name: str) -> None:
            armed.fire(now_ns, f"{places.network.place(link)}: a {name} never comes")

        places.network.faults.at_answer(self.answer, self.times, strike)
