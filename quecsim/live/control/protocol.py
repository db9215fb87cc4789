"""What is said on the control socket: JSON lines, a request each way's first, then its replies.

    -> {"v":1,"id":7,"do":"files"}
    <- {"v":1,"id":7,"ok":true,"result":{"UFS:ca.pem":1188}}
    <- {"v":1,"id":7,"ok":false,"error":{"code":"no_file","message":"...","hint":"..."}}

`v` is the number of this protocol. docs/CONTROL.md is its specification.
"""

from typing import Any, Literal, TypeAlias

import msgspec

from quecsim.errors import QuecsimError

VERSION = 1
MOST_REQUEST_BYTES = 64 << 10

_MOST_FIELDS = 32
Place: TypeAlias = Literal["now", "start"] | int


class _Request(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="do", tag=""
):
    v: int
    id: int | str | None = None


class Hello(_Request, frozen=True, kw_only=True, tag="hello"):
    """Who is it?"""


class GetFiles(_Request, frozen=True, kw_only=True, tag="files"):
    """The files on UFS and their sizes."""


class Read(_Request, frozen=True, kw_only=True, tag="read"):
    """A file's content."""

    name: str


class GetCounters(_Request, frozen=True, kw_only=True, tag="counters"):
    """Where all bytes are."""


class GetHosts(_Request, frozen=True, kw_only=True, tag="hosts"):
    """How hosts reach the device, and who is connected."""


class GetReport(_Request, frozen=True, kw_only=True, tag="report"):
    """The report so far."""


class Faults(_Request, frozen=True, kw_only=True, tag="faults"):
    """The faults and how often each fired."""


class Inject(_Request, frozen=True, kw_only=True, tag="inject"):
    """A fault from now on, as a scenario's table has it."""

    fault: dict[str, Any]


class SetPower(_Request, frozen=True, kw_only=True, tag="power"):
    """Switch the power, wake a sleeping device, or (None) say how it stands."""

    to: Literal["off", "on", "cycle", "wake"] | None = None


class Restore(_Request, frozen=True, kw_only=True, tag="restore"):
    """Put the factory's firmware back."""


class GetNetwork(_Request, frozen=True, kw_only=True, tag="network"):
    """How the device stands with its network."""


class GetBrokers(_Request, frozen=True, kw_only=True, tag="brokers"):
    """The brokers in process, and who is connected to them."""


class GetRequests(_Request, frozen=True, kw_only=True, tag="requests"):
    """What the HTTP servers in process were asked: `service`, or (None) all of them."""

    service: str | None = None


class GetServerFiles(_Request, frozen=True, kw_only=True, tag="server_files"):
    """What was stored at an HTTP or FTP server in process: `service`, or (None) the only one."""

    service: str | None = None


class ReadServerFile(_Request, frozen=True, kw_only=True, tag="server_file"):
    """A file that was stored there."""

    path: str
    service: str | None = None


class LoseRegistration(_Request, frozen=True, kw_only=True, tag="lose_registration"):
    """There is no network any more."""


class FindNetwork(_Request, frozen=True, kw_only=True, tag="find_network"):
    """There is one again."""


class DropBearer(_Request, frozen=True, kw_only=True, tag="drop_bearer"):
    """The network takes packet contexts away: the `context` of that number, or (None) all."""

    context: int | None = None


class Deauthenticate(_Request, frozen=True, kw_only=True, tag="deauthenticate"):
    """The access point throws the device out."""


class SetWifiClient(_Request, frozen=True, kw_only=True, tag="wifi_client"):
    """Somebody comes who joins the device's own access point where he can, or leaves."""

    mac: str
    ssid: str | None = None
    key: str = ""
    is_here: bool = True


class ProvisionWifi(_Request, frozen=True, kw_only=True, tag="provision"):
    """A phone offers the device an access point."""

    ssid: str
    key: str = ""
    by: Literal["airkiss", "web", "ble", "any"] = "any"


class KillLink(_Request, frozen=True, kw_only=True, tag="kill_link"):
    """Something on the way ends the connection of that number."""

    link: int
    how: Literal["reset", "fin"] = "reset"


class PublishAt(_Request, frozen=True, kw_only=True, tag="publish"):
    """Somebody publishes at a broker in process: `service`, or (None) the only one."""

    topic: str
    payload: bytes = b""
    service: str | None = None
    qos: Literal[0, 1, 2] = 0
    retain: bool = False


class GetBle(_Request, frozen=True, kw_only=True, tag="ble"):
    """How the device stands with Bluetooth LE, and who is on the air."""


class _AtPeer(_Request, frozen=True, kw_only=True):
    """`name` of who does it, or (None) the one who is connected, or the only one."""

    name: str | None = None


class BleConnect(_AtPeer, frozen=True, kw_only=True, tag="ble_connect"):
    """Somebody on the air connects to the device, and asks for an `mtu` of so many bytes."""

    mtu: int | None = None


class BleDisconnect(_AtPeer, frozen=True, kw_only=True, tag="ble_disconnect"):
    """He ends the connection."""


class BleWrite(_AtPeer, frozen=True, kw_only=True, tag="ble_write"):
    """He writes a characteristic of the device's."""

    uuid: str
    data: bytes = b""
    is_request: bool = False


class BleRead(_AtPeer, frozen=True, kw_only=True, tag="ble_read"):
    """What he has last received of a characteristic."""

    uuid: str


class BleSubscribe(_AtPeer, frozen=True, kw_only=True, tag="ble_subscribe"):
    """He wants notifications of a characteristic of the device's, or none any more."""

    uuid: str
    is_on: bool = True


class BleNotify(_AtPeer, frozen=True, kw_only=True, tag="ble_notify"):
    """He notifies the device of a characteristic of his own."""

    uuid: str
    data: bytes = b""


class WaitFor(_Request, frozen=True, kw_only=True, tag="wait"):
    """Answer when there is such an event; `since` is a place in the stream of events."""

    event: str
    fields: dict[str, Any] = {}
    since: Place = "now"

    def __post_init__(self) -> None:
        if len(self.fields) > _MOST_FIELDS:
            raise ValueError("too many fields")


class Events(_Request, frozen=True, kw_only=True, tag="events"):
    """The events that are kept; with `follow` also all that come."""

    since: Place = "start"
    follow: bool = False


Request: TypeAlias = (
    Hello
    | GetFiles
    | Read
    | GetCounters
    | GetHosts
    | GetReport
    | Faults
    | Inject
    | SetPower
    | Restore
    | GetNetwork
    | GetBrokers
    | GetRequests
    | GetServerFiles
    | ReadServerFile
    | LoseRegistration
    | FindNetwork
    | DropBearer
    | Deauthenticate
    | SetWifiClient
    | ProvisionWifi
    | KillLink
    | PublishAt
    | GetBle
    | BleConnect
    | BleDisconnect
    | BleWrite
    | BleRead
    | BleSubscribe
    | BleNotify
    | WaitFor
    | Events
)


class Failure(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why not. `code` is bad_request | version | refused | no_file | busy."""

    code: str
    message: str
    hint: str = ""


class ControlReply(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer to a request: `result`, or `error`. `more`: others follow."""

    v: int
    id: int | str | None
    ok: bool
    result: msgspec.Raw = msgspec.Raw(b"")
    error: Failure | None = None
    more: bool = False


class Greeting(msgspec.Struct, frozen=True):
    """The result of `hello`: which simulator this is, and its port as hosts open it."""

    quecsim: str
    device: str
    scenario: str
    port: str
    pid: int
    power: str


class RequestError(Exception):
    """A line that is no request: the `failure`, and its id as far as it could be read."""

    def __init__(self, failure: Failure, id: int | str | None = None) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.id = id


class _RequestHead(msgspec.Struct, frozen=True):
    """What every line has, whatever else is wrong with it."""

    v: Any = None
    id: int | str | None = None


_HEADS = msgspec.json.Decoder(_RequestHead)
_REQUESTS = msgspec.json.Decoder(Request)
_REPLIES = msgspec.json.Decoder(ControlReply)


def read_request(line: bytes) -> Request:
    """The request on that line. Raises RequestError."""
    try:
        head = _HEADS.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RequestError(Failure("bad_request", f"this is no request: {error}")) from None
    if head.v != VERSION:
        message = f'this simulator speaks version {VERSION} of the protocol: "v":{VERSION}'
        raise RequestError(Failure("version", message), head.id)
    try:
        request: Request = _REQUESTS.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RequestError(Failure("bad_request", str(error)), head.id) from None
    return request


def read_reply(line: bytes) -> ControlReply:
    """The reply on that line. Raises QuecsimError where it is none of this version."""
    try:
        reply = _REPLIES.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise QuecsimError(f"the simulator answered something else: {error}") from None
    if reply.v != VERSION:
        raise QuecsimError(
            f"the simulator speaks version {reply.v} of the control protocol, this is {VERSION}",
            hint="use the quecsim that the simulator was started with",
        )
    return reply


def good(request: Request, result: Any, *, more: bool = False) -> bytes:
    """The line that answers `request` with `result`."""
    raw = result if isinstance(result, msgspec.Raw) else msgspec.Raw(msgspec.json.encode(result))
    return line_of(ControlReply(VERSION, request.id, ok=True, result=raw, more=more))


def bad(id: int | str | None, failure: Failure) -> bytes:
    """The line that says why not."""
    return line_of(ControlReply(VERSION, id, ok=False, error=failure))


def line_of(message: msgspec.Struct) -> bytes:
    """A message as its line."""
    return msgspec.json.encode(message) + b"\n"
