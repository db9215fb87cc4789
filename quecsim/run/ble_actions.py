"""What can be done on the air of a running device, as a phone does it: `DeviceActions` has all.

What somebody says to the device is an input of its run (`BleCame`). What made him say it is not, so
a record needs nobody on the air to be run again.
"""

import re
from abc import abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import msgspec

from quecsim.border.ble import LARGEST_MTU, SMALLEST_MTU
from quecsim.errors import QuecsimError
from quecsim.peers.ble_settings import BlePhone
from quecsim.peers.ble_view import BlePeerState
from quecsim.run.ble_view import BleState, ble_state
from quecsim.run.device_run import DeviceRun

if TYPE_CHECKING:
    from quecsim.peers.ble_crowd import BleCrowd

PHONE = "phone"
"""Who connects where nobody else is on the air."""

CONNECT_S = 30.0
"""So many seconds the device has for a connection: it advertises every 10 s at least."""

_MOST_NAMES = 8  # in messages
_UUID = re.compile(r"(?:0x)?([0-9a-f]{4}|[0-9a-f]{32})", re.ASCII)


class BleActions:
    """`name` is that of who does it; None: who is connected, or the only one there is. Where
    something is done, that name is returned.

    A `uuid` has 4 or 32 hexadecimal digits; text is sent as UTF-8. Raises QuecsimError for what
    cannot be, and where the device has no Bluetooth LE.
    """

    _run: DeviceRun

    @abstractmethod
    def _looking(self) -> AbstractContextManager[int]:
        """See `DeviceActions`, as for the other ones."""

    @abstractmethod
    def _now(self) -> AbstractContextManager[int]: ...

    @abstractmethod
    def _wait(self, has_come: Callable[[], bool], timeout_s: float | None) -> bool: ...

    # look

    def ble(self) -> BleState:
        """How the device stands with Bluetooth LE, and who is on the air."""
        with self._looking() as now_ns:
            return ble_state(self._run.rig.device, self._known(), now_ns)

    def ble_peers(self) -> list[BlePeerState]:
        """Everybody on the air, and what each has received."""
        return list(self.ble().peers)

    def ble_read(self, uuid: str, *, name: str | None = None) -> bytes | None:
        """What somebody has last received of a characteristic: what the device notified him of, or
        wrote to him. None: nothing.
        """
        wanted = plain_uuid(uuid)
        with self._looking():
            who = self._who(name)
        found = [data for _, each, data in who.received if each == wanted]
        return found[-1] if found else None

    # act

    def ble_connect(
        self, name: str | None = None, *, mtu: int | None = None, timeout_s: float = CONNECT_S
    ) -> str:
        """Somebody connects to the device when it advertises next, and asks for a maximum
        transmission unit of `mtu` bytes (23 to 517). Where nobody of that name is on the air, a
        phone comes that has it: "phone", if no name is given and nobody is there.

        Raises TimeoutError where there is no connection after `timeout_s` seconds of the host's
        time.
        """
        who = self.begin_ble_connect(name, mtu)

        def has_come() -> bool:
            return any(each.name == who and each.is_connected for each in self._known())

        if not self._wait(has_come, timeout_s):
            state = self.ble().state
            raise TimeoutError(f"{who} is not connected within {timeout_s:g} s: {state}")
        return who

    def begin_ble_connect(self, name: str | None = None, mtu: int | None = None) -> str:
        """As `ble_connect`, without waiting for the connection."""
        if mtu is not None and not SMALLEST_MTU <= mtu <= LARGEST_MTU:
            hint = f"it is from {SMALLEST_MTU} to {LARGEST_MTU}"
            raise QuecsimError(f"an MTU of {mtu} bytes cannot be", hint=hint)
        known = self._known()
        from quecsim.gatt.stack import need_stack

        need_stack()
        with self._now() as now_ns:
            who = name if name is not None else self._who(None).name if known else PHONE
            is_known = any(each.name == who for each in known)
            phone = None if is_known else new_phone(who)
            _check_free(ble_state(self._run.rig.device, known, now_ns))
            crowd = self._crowd(now_ns)
            if phone is not None:
                crowd.add(phone)
            self._stir(now_ns, lambda at_ns: crowd.connect(at_ns, who, mtu))
        return who

    def ble_disconnect(self, name: str | None = None) -> str:
        """Somebody ends his connection with the device."""
        return self._do(name, lambda crowd, at_ns, who: crowd.leave(at_ns, who))

    def ble_write(
        self, uuid: str, data: bytes | str, *, name: str | None = None, is_request: bool = False
    ) -> str:
        """Somebody writes a characteristic of the device's: with an answer (`is_request`), or
        without.
        """
        plain, payload = plain_uuid(uuid), ble_data(data)
        return self._do(
            name,
            lambda crowd, at_ns, who: crowd.write(at_ns, who, plain, payload, is_request),
        )

    def ble_subscribe(self, uuid: str, *, name: str | None = None, is_on: bool = True) -> str:
        """Somebody wants notifications of a characteristic of the device's, or none any more
        (`is_on` False).
        """
        plain = plain_uuid(uuid)
        return self._do(name, lambda crowd, at_ns, who: crowd.subscribe(at_ns, who, plain, is_on))

    def ble_notify(self, uuid: str, data: bytes | str, *, name: str | None = None) -> str:
        """Somebody to whom the device has connected notifies it of a characteristic of his own."""
        plain, payload = plain_uuid(uuid), ble_data(data)
        return self._do(name, lambda crowd, at_ns, who: crowd.notify(at_ns, who, plain, payload))

    def _do(self, name: str | None, act: "Callable[[BleCrowd, int, str], None]") -> str:
        with self._now() as now_ns:
            who, crowd = self._who(name).name, self._crowd(now_ns)
            self._stir(now_ns, lambda at_ns: act(crowd, at_ns, who))
        return who

    def _stir(self, now_ns: int, act: Callable[[int], None]) -> None:
        self._run.rig.stir_air(now_ns, act)

    # who

    def _known(self) -> tuple[BlePeerState, ...]:
        """Everybody on the air."""
        if self._run.air is None:
            raise QuecsimError(
                f"{self._run.rig.profile.name} has no Bluetooth LE",
                hint="take one of the Wi-Fi devices: quecsim devices lists them",
            )
        return () if self._run.crowd is None else self._run.crowd.states()

    def _crowd(self, now_ns: int) -> "BleCrowd":
        """It is there from when it is needed first: most runs need no asyncio."""
        from quecsim.peers.ble_crowd import BleCrowd

        run = self._run
        if run.crowd is None:
            assert run.air is not None
            run.crowd = BleCrowd((), run.rig.config.seed)
            run.air.add(now_ns, run.crowd)
        return run.crowd

    def _who(self, name: str | None) -> BlePeerState:
        """The one that is meant."""
        known = self._known()
        if not known:
            raise QuecsimError(
                "nobody is on the air",
                hint="a phone comes with `quecsim ctl ble connect`, others by [[ble_peer]]",
            )
        there = f"there are: {_some(known)}"
        if name is not None:
            for each in known:
                if each.name == name:
                    return each
            raise QuecsimError(f"nobody called {name} is on the air", hint=there)
        found = [each for each in known if each.is_connected] or list(known)
        if len(found) > 1:
            raise QuecsimError("who of those on the air?", hint=there)
        return found[0]


def _some(known: Sequence[BlePeerState]) -> str:
    names = [each.name for each in known[:_MOST_NAMES]]
    return ", ".join(names + ["..."] * (len(known) > _MOST_NAMES))


def _check_free(state: BleState) -> None:
    """Raises QuecsimError where nobody will be able to connect to the device."""
    there = [each.name for each in state.peers if each.is_connected]
    if there:
        raise QuecsimError(
            f"the device has a connection already, with {there[0]}",
            hint="`quecsim ctl ble disconnect` ends it",
        )
    if state.state in ("NOINIT", "INIT"):
        raise QuecsimError(
            f"the device does not advertise: {state.state}",
            hint="its host has to switch that on first: AT+QBLEINIT=2, a service, AT+QBLEADVSTART",
        )


def new_phone(name: str) -> BlePhone:
    """It does what it is told. Raises QuecsimError for what is no name."""
    try:
        return msgspec.convert({"kind": "phone", "name": name, "times": 0}, BlePhone)
    except msgspec.ValidationError as error:
        raise QuecsimError(f"nobody is called so: {error}") from None


def plain_uuid(uuid: str) -> str:
    """As the border has it: 4 or 32 hexadecimal digits, in lower case. Raises QuecsimError."""
    found = _UUID.fullmatch(uuid.lower().replace("-", ""))
    if found is None:
        raise QuecsimError(
            f"{uuid[:40]!r} is no UUID", hint="it has 4 or 32 hexadecimal digits, as FFF2"
        )
    return found[1]


def ble_data(data: bytes | str) -> bytes:
    """What is sent; text as UTF-8. Raises QuecsimError."""
    if isinstance(data, str):
        try:
            return data.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            raise QuecsimError("the data is no text", hint="give it as bytes") from None
    if not isinstance(data, bytes | bytearray | memoryview):
        raise QuecsimError(f"the data is {type(data).__name__}", hint="give bytes or text")
    return bytes(data)
