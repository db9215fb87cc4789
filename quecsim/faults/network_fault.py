"""What the faults of the network have in common: at which wish, byte or time they strike."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import ClassVar

from quecsim.border import Failed, Open, Ping, Resolve, Wish
from quecsim.faults.armed import Armed
from quecsim.faults.fault import AtMs, Count, Fault, Number, Options, Problem, Target
from quecsim.faults.places import Places
from quecsim.faults.points import Aim
from quecsim.units import ms

OPENERS = (
    "+QMTOPEN", "+QIOPEN", "+QSSLOPEN", "+QHTTPGET", "+QHTTPPOST", "+QHTTPPUT", "+QFTPOPEN",
    "+QIDNSGIP", "+QNTP", "+QPING", "+QFOTADL", "+QWLANOTA",
)  # fmt: skip
"""The commands that make a device ask for a connection."""

SENDS: Options = (1, 2, 3, range(1, 9))
TIMES: Options = (1, 2)
SERVER_BYTES: Options = (1, 4, 5, range(1, 60))  # a CONNACK ends with byte 4


class NetworkFault(Fault, frozen=True, kw_only=True, tag=""):
    """A fault behind the device."""

    NEEDS_SERVER: ClassVar[bool] = True
    OPENED_BY: ClassVar[tuple[str, ...]] = OPENERS
    """The commands of which a device must have one."""

    def misfits(self, target: Target) -> Iterator[Problem]:
        """The device must have a command that needs the network, and does more than to fail."""
        yield from super().misfits(target)
        waiting = {name for each in target.profile.commands.waiting for name in each.names}
        if not any(target.has_command(name) and name not in waiting for name in self.OPENED_BY):
            wanted = "a connection" if self.OPENED_BY is OPENERS else "a connection of MQTT"
            message = f"{self.kind} needs {wanted}, and {target.title} opens none"
            yield "kind", message, "Take it out."


class OpenFault(NetworkFault, frozen=True, kw_only=True, tag=""):
    """A connection that does not come about; `times` of them, one after the other."""

    KEY: ClassVar[str]
    """The key that has the number of the first one, and the point that it counts."""

    times: Count = 1

    def what(self) -> str:
        """What happens, as it goes on from `connection 3`."""
        raise NotImplementedError

    def answer(self, wish: Open | Resolve | Ping, /) -> Failed | None:
        """What the device hears, and the peer nothing; None: both hear nothing."""
        raise NotImplementedError

    def words(self) -> str:
        """As in `lookup 1 and the 2 after it: the name has no address`."""
        more = f" and the {self.times - 1} after it" if self.times > 1 else ""
        return f"{self.KEY} {getattr(self, self.KEY)}{more}: {self.what()}"

    def arm(self, armed: Armed, places: Places) -> None:
        """At wishes for a connection, as they get to the network."""
        strike = partial(self._strike, armed, places)
        places.network.faults.at_wish(self.KEY, getattr(self, self.KEY), self.times, strike)

    def _strike(self, armed: Armed, places: Places, now_ns: int, wish: Wish) -> bool:
        assert isinstance(wish, Open | Resolve | Ping)
        armed.fire(now_ns, f"{places.network.place(wish.link)}: {self.what()}")
        answer = self.answer(wish)
        if answer is None:
            places.network.cut(now_ns, wish.link, None)
        else:
            places.network.say(now_ns, answer)
        return False


class WishFault(NetworkFault, frozen=True, kw_only=True, tag=""):
    """A fault at a time, or when connection number `connection` or sending number `send` of the
    device gets to the network.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("send", "connection", "at_ms")
    AIMS: ClassVar[Mapping[str, Aim]] = {"send": Aim("send"), "connection": Aim("connection")}

    send: Number | None = None
    connection: Number | None = None
    at_ms: AtMs | None = None

    def place(self, at: str = "at") -> str:
        """Where or when, in words."""
        if self.at_ms is not None:
            return f"{at} {self.at_ms} ms"
        word, number = ("send", self.send) if self.send else ("connection", self.connection)
        return f"{at} {word} {number}"

    def strike(self, armed: Armed, places: Places, now_ns: int, links: Sequence[int]) -> None:
        """It is time: `links` are that of the wish, or all that are there."""
        raise NotImplementedError

    def arm(self, armed: Armed, places: Places) -> None:
        """At a time, or at a wish, which goes on to the peer."""
        network = places.network
        if self.at_ms is not None:
            at_ns = armed.from_ns + ms(self.at_ms)
            places.agenda.add(
                at_ns, lambda now_ns: self.strike(armed, places, now_ns, network.links)
            )
            return
        point, number = ("send", self.send) if self.send else ("connection", self.connection)
        assert number is not None
        network.faults.at_wish(point, number, 1, partial(self._at_wish, armed, places))

    def _at_wish(self, armed: Armed, places: Places, now_ns: int, wish: Wish) -> bool:
        self.strike(armed, places, now_ns, (wish.link,))
        return True


class LinkFault(NetworkFault, frozen=True, kw_only=True, tag=""):
    """The end of a link: after byte `at_byte` of all that servers say, at sending number `send` of
    the device, which the server does not get to see, or at `at_ms`; then it is the end of all.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("at_byte", "send", "at_ms")
    AIMS: ClassVar[Mapping[str, Aim]] = {"server_byte": Aim("at_byte"), "send": Aim("send")}

    at_byte: Number | None = None
    send: Number | None = None
    at_ms: AtMs | None = None

    def place(self) -> str:
        """Where or when, in words."""
        if self.at_ms is not None:
            return f"at {self.at_ms} ms"
        return f"after byte {self.at_byte}" if self.send is None else f"at send {self.send}"

    def what(self) -> str:
        """What happens."""
        raise NotImplementedError

    def end(self, places: Places, now_ns: int, link: int) -> None:
        """The link ends."""
        raise NotImplementedError

    def words(self) -> str:
        """As in `the server closes at send 3`."""
        return f"{self.what()} {self.place()}"

    def arm(self, armed: Armed, places: Places) -> None:
        """At one of three places."""
        faults = places.network.faults
        if self.at_ms is not None:
            act = partial(self._at_time, armed, places)
            places.agenda.add(armed.from_ns + ms(self.at_ms), act)
        elif self.at_byte is not None:
            faults.at_byte(self.at_byte, partial(self._strike, armed, places))
        else:
            assert self.send is not None
            faults.at_wish("send", self.send, 1, partial(self._at_send, armed, places))

    def _strike(self, armed: Armed, places: Places, now_ns: int, *links: int) -> None:
        where = ", ".join(places.network.place(link) for link in links)
        armed.fire(now_ns, f"{where}: {self.what()} {self.place()}")
        for link in links:
            self.end(places, now_ns, link)

    def _at_time(self, armed: Armed, places: Places, now_ns: int) -> None:
        if links := places.network.links:
            self._strike(armed, places, now_ns, *links)

    def _at_send(self, armed: Armed, places: Places, now_ns: int, wish: Wish) -> bool:
        self._strike(armed, places, now_ns, wish.link)
        return False
