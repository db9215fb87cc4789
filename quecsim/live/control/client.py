"""The other end of the control socket: ask a running simulator, from any process of its owner."""

import contextlib
import os
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from quecsim.errors import QuecsimError
from quecsim.live.control import protocol as say
from quecsim.live.control.place import running
from quecsim.run.ble_view import BleState
from quecsim.run.host_way import HostWay
from quecsim.run.network_view import BrokerState, NetworkState
from quecsim.run.server_actions import RequestState

_PATIENCE_S = 30.0  # it answers between two turns of its loop
_READ_BYTES = 1 << 20


class SimulatorEndedError(QuecsimError):
    """The simulator has hung up, or says that it ends."""


class ControlClient:
    """A connection to the simulator at `path`; use it as a context manager.

    Raises QuecsimError where nobody answers, and for what the simulator refuses.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(_PATIENCE_S)
        self._input = bytearray()
        self._next_id = 0
        try:
            self._socket.connect(self.path)
        except OSError as error:
            self._socket.close()
            raise QuecsimError(
                f"no simulator answers at {path}: {error.strerror or error}",
                hint="`quecsim ctl list` shows those that run",
            ) from None

    def close(self) -> None:
        """Let go of it."""
        self._socket.close()

    def hang_up(self) -> None:
        """End the connection from another thread: whoever waits for an answer finds out."""
        with contextlib.suppress(OSError):  # the other side was quicker
            self._socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> "ControlClient":
        return self

    def __exit__(self, *_details: object) -> None:
        self.close()

    def greeting(self) -> say.Greeting:
        """Who it is."""
        return msgspec.json.decode(self._ask(say.Hello(**self._head())), type=say.Greeting)

    def files(self) -> dict[str, int]:
        """The files on UFS, `UFS:name` -> size in bytes."""
        return msgspec.json.decode(self._ask(say.GetFiles(**self._head())), type=dict[str, int])

    def read_file(self, name: str) -> bytes:
        """The content of a file. Raises FileNotFoundError."""
        raw = self._ask(say.Read(**self._head(), name=name))
        return msgspec.json.decode(raw, type=dict[str, bytes])["data"]

    def counters(self) -> dict[str, int]:
        """Where all bytes are: sent = stored + lost + eaten + in_flight."""
        return msgspec.json.decode(self._ask(say.GetCounters(**self._head())), type=dict[str, int])

    def hosts(self) -> list[HostWay]:
        """How hosts reach it, and who is connected."""
        return msgspec.json.decode(self._ask(say.GetHosts(**self._head())), type=list[HostWay])

    def report(self) -> bytes:
        """The report so far, as JSON."""
        return bytes(self._ask(say.GetReport(**self._head())))

    def faults(self) -> list[dict[str, Any]]:
        """The faults, and how often each fired."""
        raw = self._ask(say.Faults(**self._head()))
        return msgspec.json.decode(raw, type=list[dict[str, Any]])

    def inject(self, kind: str, values: Mapping[str, Any]) -> int:
        """A fault of that kind from now on; returns its number."""
        raw = self._ask(say.Inject(**self._head(), fault={**values, "kind": kind}))
        return msgspec.json.decode(raw, type=dict[str, int])["index"]

    def power(self, to: Any = None) -> str:
        """Switch the power (off | on | cycle), wake, or only look; returns how it stands."""
        raw = self._ask(say.SetPower(**self._head(), to=to))
        return msgspec.json.decode(raw, type=dict[str, str])["power"]

    def restore_firmware(self) -> str:
        """Put the factory's firmware back; returns how the power stands."""
        raw = self._ask(say.Restore(**self._head()))
        return msgspec.json.decode(raw, type=dict[str, str])["power"]

    def network(self) -> NetworkState:
        """How the device stands with its network."""
        return msgspec.json.decode(self._ask(say.GetNetwork(**self._head())), type=NetworkState)

    def brokers(self) -> list[BrokerState]:
        """The brokers in process, and who is connected to them."""
        raw = self._ask(say.GetBrokers(**self._head()))
        return msgspec.json.decode(raw, type=list[BrokerState])

    def requests(self, service: str | None = None) -> list[RequestState]:
        """What the HTTP servers in process were asked: of one, or (None) of all."""
        raw = self._ask(say.GetRequests(**self._head(), service=service))
        return msgspec.json.decode(raw, type=list[RequestState])

    def server_files(self, service: str | None = None) -> dict[str, int]:
        """What was stored at an HTTP or FTP server in process: path -> size."""
        raw = self._ask(say.GetServerFiles(**self._head(), service=service))
        return msgspec.json.decode(raw, type=dict[str, int])

    def read_server_file(self, path: str, service: str | None = None) -> bytes:
        """One of these files. Raises FileNotFoundError."""
        raw = self._ask(say.ReadServerFile(**self._head(), path=path, service=service))
        return msgspec.json.decode(raw, type=dict[str, bytes])["data"]

    def lose_registration(self) -> str:
        """There is no network any more; returns how the registration stands."""
        raw = self._ask(say.LoseRegistration(**self._head()))
        return msgspec.json.decode(raw, type=dict[str, str])["registration"]

    def find_network(self) -> str:
        """There is one again; returns how the registration stands."""
        raw = self._ask(say.FindNetwork(**self._head()))
        return msgspec.json.decode(raw, type=dict[str, str])["registration"]

    def drop_bearer(self, context: int | None = None) -> list[int]:
        """The network takes packet contexts away; returns which."""
        raw = self._ask(say.DropBearer(**self._head(), context=context))
        return msgspec.json.decode(raw, type=dict[str, list[int]])["contexts"]

    def deauthenticate(self) -> str:
        """The access point throws the device out; returns how its station stands."""
        raw = self._ask(say.Deauthenticate(**self._head()))
        return msgspec.json.decode(raw, type=dict[str, str])["registration"]

    def wifi_client(self, mac: str, **who: Any) -> list[str]:
        """Somebody comes, or leaves (ssid, key, is_here); returns who has joined the device."""
        raw = self._ask(say.SetWifiClient(**self._head(), mac=mac, **who))
        return msgspec.json.decode(raw, type=dict[str, list[str]])["clients"]

    def provision(self, ssid: str, key: str = "", by: Any = "any") -> str:
        """A phone offers an access point (airkiss | web | ble | any); returns how the station
        stands.
        """
        raw = self._ask(say.ProvisionWifi(**self._head(), ssid=ssid, key=key, by=by))
        return msgspec.json.decode(raw, type=dict[str, str])["registration"]

    def kill_link(self, link: int, how: Any = "reset") -> None:
        """End a connection (reset | fin)."""
        self._ask(say.KillLink(**self._head(), link=link, how=how))

    def publish(self, topic: str, payload: bytes, **how: Any) -> int:
        """Publish at a broker in process (service, qos, retain); returns to how many clients."""
        raw = self._ask(say.PublishAt(**self._head(), topic=topic, payload=payload, **how))
        return msgspec.json.decode(raw, type=dict[str, int])["clients"]

    def ble(self) -> BleState:
        """How the device stands with Bluetooth LE, and who is on the air."""
        return msgspec.json.decode(self._ask(say.GetBle(**self._head())), type=BleState)

    def ble_connect(self, name: str | None = None, mtu: int | None = None) -> str:
        """Somebody connects to the device when it advertises next; returns who."""
        return self._ask_name(say.BleConnect(**self._head(), name=name, mtu=mtu))

    def ble_disconnect(self, name: str | None = None) -> str:
        """He ends the connection; returns who."""
        return self._ask_name(say.BleDisconnect(**self._head(), name=name))

    def ble_write(self, uuid: str, data: bytes, **how: Any) -> str:
        """He writes a characteristic of the device's (name, is_request); returns who."""
        return self._ask_name(say.BleWrite(**self._head(), uuid=uuid, data=data, **how))

    def ble_read(self, uuid: str, name: str | None = None) -> bytes | None:
        """What he has last received of a characteristic; None: nothing."""
        raw = self._ask(say.BleRead(**self._head(), uuid=uuid, name=name))
        return msgspec.json.decode(raw, type=dict[str, bytes | None])["data"]

    def ble_subscribe(self, uuid: str, **how: Any) -> str:
        """He wants notifications of one, or none any more (name, is_on); returns who."""
        return self._ask_name(say.BleSubscribe(**self._head(), uuid=uuid, **how))

    def ble_notify(self, uuid: str, data: bytes, name: str | None = None) -> str:
        """He notifies the device of a characteristic of his own; returns who."""
        return self._ask_name(say.BleNotify(**self._head(), uuid=uuid, data=data, name=name))

    def wait(
        self,
        event: str,
        fields: Mapping[str, Any],
        *,
        since: say.Place = "now",
        timeout_s: float | None = None,
    ) -> bytes | None:
        """The first such event, as JSON with its number; None if it has not come in time."""
        request = say.WaitFor(**self._head(), event=event, fields=dict(fields), since=since)
        self._send(request)
        reply = self._reply(_end_s(timeout_s), is_bounded=timeout_s is not None)
        return None if reply is None else bytes(reply.result)

    def next_number(self) -> int:
        """The number that the next event will have."""
        raw = self._ask(say.Events(**self._head(), since="now"))
        return msgspec.json.decode(raw, type=dict[str, int])["next"]

    def events(self, *, since: say.Place = "start", follow: bool = False) -> Iterator[bytes]:
        """Events as JSON with their numbers; `{"missed":N}` where N of them are not kept."""
        self._send(say.Events(**self._head(), since=since, follow=follow))
        while True:
            reply = self._reply(None if follow else _end_s(_PATIENCE_S))
            if reply is None or not reply.more:
                return
            yield bytes(reply.result)

    def _head(self) -> dict[str, Any]:
        self._next_id += 1
        return {"v": say.VERSION, "id": self._next_id}

    def _ask(self, request: say.Request) -> msgspec.Raw:
        self._send(request)
        reply = self._reply(_end_s(_PATIENCE_S))
        assert reply is not None
        return reply.result

    def _ask_name(self, request: say.Request) -> str:
        return msgspec.json.decode(self._ask(request), type=dict[str, str])["name"]

    def _send(self, request: say.Request) -> None:
        try:
            self._socket.sendall(say.line_of(request))
        except OSError:
            self._reply(_end_s(_PATIENCE_S))  # it may have said why it hung up
            raise self._gone() from None

    def _reply(self, end_s: float | None, *, is_bounded: bool = False) -> say.ControlReply | None:
        """The next reply. None: it has not come by `end_s` (`is_bounded`)."""
        try:
            reply = say.read_reply(self._line(end_s))
        except TimeoutError:
            if is_bounded:
                return None
            raise QuecsimError(f"the simulator at {self.path} does not answer") from None
        failure = reply.error
        if failure is None:
            return reply
        if failure.code == "no_file":
            raise FileNotFoundError(failure.message)
        if failure.code == "ended":
            raise SimulatorEndedError(failure.message, hint=failure.hint)
        raise QuecsimError(failure.message, hint=failure.hint)

    def _line(self, end_s: float | None) -> bytes:
        """The next line. Raises TimeoutError."""
        scanned = 0
        while (place := self._input.find(b"\n", scanned)) < 0:
            scanned = len(self._input)
            left_s = None if end_s is None else end_s - time.monotonic()
            if left_s is not None and left_s <= 0:
                raise TimeoutError
            self._socket.settimeout(left_s)
            self._input += self._receive()
        line = bytes(self._input[:place])
        del self._input[: place + 1]
        return line

    def _receive(self) -> bytes:
        try:
            data = self._socket.recv(_READ_BYTES)
        except TimeoutError:
            raise
        except OSError:
            data = b""
        if not data:
            raise self._gone()
        return data

    def _gone(self) -> "SimulatorEndedError":
        return SimulatorEndedError(f"the simulator at {self.path} has ended")


def _end_s(timeout_s: float | None) -> float | None:
    return None if timeout_s is None else time.monotonic() + timeout_s


def simulators() -> list[tuple[Path, say.Greeting]]:
    """All running simulators of ours, oldest first: (socket, who it is)."""
    found: list[tuple[Path, say.Greeting]] = []
    for path in running():
        try:
            with ControlClient(path) as client:
                found.append((path, client.greeting()))
        except QuecsimError:  # it has ended just now
            continue
    return found


def find(path: str | None = None, port: str | None = None) -> ControlClient:
    """The simulator with that socket or port; else that of $QUECSIM_CTL; else the only one.

    Raises QuecsimError where there is none, or more than one.
    """
    path = path or (None if port else os.environ.get("QUECSIM_CTL"))
    if path:
        return ControlClient(path)
    known = [one for one in simulators() if port is None or _is_port(port, one[1].port)]
    if len(known) == 1:
        return ControlClient(known[0][0])
    if not known:
        what = f"no running simulator has the port {port}" if port else "no simulator is running"
        raise QuecsimError(what, hint="start one: quecsim run ec200u")
    listed = "\n  ".join(f"--port {greeting.port}  {greeting.scenario}" for _, greeting in known)
    raise QuecsimError("several simulators are running: which one?", hint=listed)


def _is_port(asked: str, port: str) -> bool:
    return Path(asked).resolve() == Path(port).resolve()
