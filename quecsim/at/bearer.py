"""The network side of a cellular device: its registration, and its packet contexts.

A context is up where the network carries it (AT+CGACT, and LTE's default bearer), and used where
the device's own TCP/IP has it as well (AT+QIACT). What the network takes away from that is broken
until the host has put it away (AT+QIDEACT). Nothing here knows the time, or what a host is told.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from quecsim.at.registration import (
    REGISTERED,
    TRANSITIONS,
    Change,
    Standing,
    found,
    number_of,
)
from quecsim.at.results import Tcpip
from quecsim.profiles.schema import Radio, TcpIp
from quecsim.units import ms

AUTOMATIC, DEREGISTERED = 0, 2
"""Modes of AT+COPS."""
IPV6 = "IPV6"
# 27.007's access technologies whose registration brings a packet context with it; 8 is Cat M1 where
# Quectel's modules say it.
_LTE = (7, 8, 9)
_DEFAULT = 1  # the context that it brings
_FEWEST = 7  # contexts that AT+CGDCONT can define, also where TCP/IP has fewer


class Down(StrEnum):
    """Why packet contexts have gone: a closed set."""

    RADIO_OFF = "radio off"  # AT+CFUN=0 or 4
    DETACHED = "detached"  # AT+CGATT=0
    DEREGISTERED = "deregistered"  # AT+COPS=2
    DEACTIVATED = "deactivated"  # AT+QIDEACT, AT+CGACT=0, or its definition was forgotten
    BEARER_LOST = "bearer lost"  # the network has ended it
    NETWORK_LOST = "network lost"  # there is none any more
    DARK = "device down"  # a restart, a reset, or no power


_BY_NETWORK = (Down.BEARER_LOST, Down.NETWORK_LOST)

OnDown: TypeAlias = Callable[[tuple[int, ...], Down], None]
"""(the numbers of the contexts, why): see `Bearer.on_down`."""


class Definition(NamedTuple):
    """A packet context as AT+CGDCONT, AT+QICSGP and the like define it."""

    kind: str = "IP"
    apn: str = ""
    address: str = "0.0.0.0"
    data_compression: int = 0
    header_compression: int = 0
    user: str = ""
    password: str = ""
    authentication: int = 0


class Changed(NamedTuple):
    """Which registrations are another now: that for calls, and that for packet service."""

    circuit: bool
    packet: bool


class Outlet(NamedTuple):
    """Where it leaves what it has to say. All three may be called from inside any method.

    `wake(delay_ns)`: call `on_timer` after that time, once; None: not any more.
    `registration_changed(changed)`: the host may want to know.
    `context_lost(number)`: the network took this one away.
    """

    wake: Callable[[int | None], None]
    registration_changed: Callable[[Changed], None]
    context_lost: Callable[[int], None]


def _nothing(*_values: object) -> None:
    return None


NO_OUTLET = Outlet(_nothing, _nothing, _nothing)


class Bearer:
    """One device's network side; it stays through restarts, as do the definitions of contexts.

    `has_network`: there is one where the device is. `standing` is the registration, `selection`
    the mode of AT+COPS, `is_wanted` whether packet service is wanted (AT+CGATT). `definitions` are
    the contexts by number (1 and up); the numbers in `used` are always in `up`, and never in
    `broken`. GSM modules also have contexts `claimed` for TCP/IP before they come up
    (AT+QIREGAPP).

    `on_down` are called once for each loss with the contexts that were used, whatever took them:
    what runs over them ends. The host has been told of the loss by then. They stay through
    restarts, too.
    """

    def __init__(
        self,
        radio: Radio | None,
        tcpip: TcpIp | None,
        outlet: Outlet = NO_OUTLET,
        *,
        has_network: bool = True,
    ) -> None:
        self._radio = radio
        self._tcpip = tcpip
        self._outlet = outlet
        self.has_network = has_network
        self.standing = Standing.OFF
        self.selection = AUTOMATIC
        self.is_wanted = True
        self.definitions: dict[int, Definition] = {}
        if radio is not None:
            self.definitions[_DEFAULT] = Definition(apn=radio.apn)
        self.up: set[int] = set()
        self.used: set[int] = set()
        self.broken: set[int] = set()
        self.claimed: set[int] = set()
        self.on_down: list[OnDown] = []

    # the registration

    @property
    def circuit(self) -> int:
        """The state of the registration in 27.007's numbers, as +CREG has it."""
        return 0 if self._radio is None else number_of(self.standing, self._radio.registration)

    @property
    def packet(self) -> int:
        """The same for packet service: +CGREG and +CEREG."""
        return self.circuit if self.is_wanted else 0

    @property
    def is_registered(self) -> bool:
        """At home, or roaming."""
        return self.standing in REGISTERED

    @property
    def is_attached(self) -> bool:
        """Registered for packet service: contexts can come up."""
        return self.is_registered and self.is_wanted

    def be_up(self) -> None:
        """It has long been registered, or has long found nothing."""
        if self._radio is None:
            return
        self.standing = Standing.LOST
        if self.has_network:
            self.standing = TRANSITIONS[Standing.LOOKING, found(self._radio.registration)]
        self._bring_default()

    def boot(self, delay_ns: int) -> None:
        """The radio comes on by itself in `delay_ns`."""
        if self._radio is not None:
            self._outlet.wake(delay_ns)

    def on_timer(self) -> None:
        """The time of `Outlet.wake` has come."""
        if self.standing is Standing.OFF:
            self.search()
        elif self._radio is not None:
            self._move(found(self._radio.registration), Down.NETWORK_LOST)

    def search(self) -> None:
        """Look for the network, where that is not done yet and AT+COPS=2 does not forbid it."""
        if self.standing is Standing.OFF and self.selection != DEREGISTERED:
            self._move(Change.SEARCH, Down.RADIO_OFF)
            self._look()

    def stop(self, why: Down) -> None:
        """Leave the network, and look for none."""
        self._outlet.wake(None)
        self._move(Change.STOP, why)

    def attach(self, *, is_wanted: bool) -> None:
        """Take up packet service, or leave it (AT+CGATT)."""
        before, self.is_wanted = self._numbers, is_wanted
        self._follow(before, Down.DETACHED)

    def go_dark(self) -> None:
        """The device restarts, or has no power: nobody is told, but for what ran over a context."""
        self.standing, self.selection, self.is_wanted = Standing.OFF, AUTOMATIC, True
        self._outlet.wake(None)
        self.end(self._all, Down.DARK)

    # what the world does

    def lose_network(self) -> None:
        """There is no network any more, until `find_network`."""
        self.has_network = False
        self._move(Change.LOSE, Down.NETWORK_LOST)
        if self.standing is Standing.LOST:
            self._outlet.wake(None)

    def find_network(self) -> None:
        """There is a network; a device that looks for one finds it in its time."""
        self.has_network = True
        if self.standing is Standing.LOST:
            self._move(Change.FIND, Down.NETWORK_LOST)
            self._look()

    def lose_bearer(self, number: int = 0) -> None:
        """The network ends a context that is used (0: all of them)."""
        self.end(self.used & {number} if number else set(self.used), Down.BEARER_LOST)

    # packet contexts

    @property
    def most(self) -> int:
        """The highest number of a context."""
        return max(_FEWEST, 0 if self._tcpip is None else self._tcpip.contexts)

    @property
    def known(self) -> list[int]:
        """The contexts that are defined, or up without that."""
        return sorted(self.up.union(self.definitions))

    def is_up(self, number: int) -> bool:
        """TCP/IP can use the context: what a link needs."""
        return number in self.used

    def address(self, number: int) -> str:
        """That of context 1 is the profile's, and the others follow."""
        assert self._tcpip is not None
        lead, _, last = self._tcpip.address.rpartition(".")
        return f"{lead}.{(int(last) + number - 1) % 256}"

    def define(self, number: int, definition: Definition | None) -> None:
        """Another definition, from the next activation on; None: forget it."""
        if definition is not None:
            self.definitions[number] = definition
            return
        self.definitions.pop(number, None)
        self.end({number}, Down.DEACTIVATED)

    def can_raise(self, number: int) -> bool:
        """The network would carry the context: it has no IPv6."""
        return self.is_attached and self.definitions.get(number, Definition()).kind != IPV6

    def refusal(self, number: int) -> Tcpip:
        """Why TCP/IP cannot even try to activate the context; NONE: it can."""
        is_taken = number in self.used or number in self.broken
        return Tcpip.NOT_ALLOWED if is_taken else Tcpip.NONE

    def activate(self, number: int) -> Tcpip:
        """TCP/IP uses it from now on (AT+QIACT); otherwise why not."""
        assert self._tcpip is not None
        if self.refusal(number) is not Tcpip.NONE:
            return self.refusal(number)
        if len(self.used) >= self._tcpip.active_contexts or not self.can_raise(number):
            return Tcpip.CONTEXT_FAILED
        self.up.add(number)
        self.used.add(number)
        return Tcpip.NONE

    def deactivate(self, number: int) -> None:
        """TCP/IP uses it no more (AT+QIDEACT). The network carries LTE's own context on."""
        is_default = number == _DEFAULT and self._has_default
        stays_up = number in self.up and (is_default or number not in self.used)
        self.end({number}, Down.DEACTIVATED)
        if stays_up:
            self.up.add(number)

    def end(self, numbers: Iterable[int], why: Down) -> None:
        """These contexts are not up any more."""
        numbers = set(numbers)
        gone = tuple(sorted(self.used & numbers))
        self.up -= numbers
        self.used -= numbers
        if why in _BY_NETWORK:
            self.broken.update(gone)
            for number in gone:
                self._outlet.context_lost(number)
        else:
            self.broken -= numbers
            self.claimed -= numbers
        for notice in self.on_down if gone else ():
            notice(gone, why)

    # inside

    @property
    def _all(self) -> set[int]:
        return self.up | self.broken | self.claimed

    @property
    def _has_default(self) -> bool:
        return self._radio is not None and self._radio.access_technology in _LTE

    @property
    def _numbers(self) -> tuple[int, int]:
        return self.circuit, self.packet

    def _move(self, change: Change, why: Down) -> None:
        after = TRANSITIONS.get((self.standing, change))
        if after is None:
            return
        before, self.standing = self._numbers, after
        self._follow(before, why)

    def _follow(self, before: tuple[int, int], why: Down) -> None:
        """What follows from another registration: word to the host, and contexts come or go."""
        after = self._numbers
        if after == before:
            return
        changed = Changed(after[0] != before[0], after[1] != before[1])
        self._outlet.registration_changed(changed)
        if self.is_attached:
            self._bring_default()
        else:
            self.end(self._all, why)

    def _look(self) -> None:
        """A device that looks finds the network in its time, or there is none."""
        assert self._radio is not None
        if self.has_network:
            self._outlet.wake(ms(self._radio.register_ms))
        else:
            self._move(Change.LOSE, Down.NETWORK_LOST)

    def _bring_default(self) -> None:
        is_defined = _DEFAULT in self.definitions
        if self._has_default and is_defined and self.can_raise(_DEFAULT):
            self.up.add(_DEFAULT)
