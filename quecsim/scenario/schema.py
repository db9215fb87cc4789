"""What a scenario says: the line, the host, the device's trouble, and what it claims to show.

`ScenarioFile` is the TOML file, table by table; `Scenario` is the same with everything that the
file refers to already fetched, so that nothing can go missing later. Every table may be left out.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, field
from msgspec.structs import replace

from quecsim.at.access_point import AccessPoint
from quecsim.at.surroundings import Provision, Wake, WifiClient
from quecsim.faults.catalogue import AnyFault
from quecsim.peers.ble_settings import AnyBlePeer
from quecsim.peers.caller_settings import CallerSettings
from quecsim.profiles.canned import Reply
from quecsim.profiles.quirks import Quirks, given
from quecsim.profiles.ring_levels import scaled_levels
from quecsim.profiles.schema import (
    Baud,
    IfcValue,
    Milliseconds,
    Profile,
    Provenance,
    UnknownCommand,
)
from quecsim.profiles.schema import Line as Line80
from quecsim.profiles.toml_check import MOMENT
from quecsim.report.model import Verdict
from quecsim.scenario.journey import Journey
from quecsim.scenario.network import BrokerClaim, Name, Route, Service
from quecsim.tls.pieces import Piece
from quecsim.uart.port_kind import port_kind

Interface = Literal["uart", "usb"]
Speed = Literal["paced", "unlimited"]
HostFlow = Literal["auto", "none", "rtscts", "xonxoff"]
Timing = Literal["typical", "worst", "drawn", "instant"]
Payload = Literal["certificate", "bundle", "firmware"]
HostKind = Literal["stream", "ack"]
Expect = Literal["intact", "failure", "honest", "no-upload"]
UploadWay = Literal["qfupl", "qfwrite", "qsecwrite", "qfotadl", "qfotadl-path"]

Moment = Annotated[
    str,
    Meta(
        pattern=r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?)?\Z",
        description="a date, or a date and a time (2026-06-01T00:00:00Z)",
        extra_json_schema=MOMENT,
    ),
]
ByteCount = Annotated[int, Meta(ge=1, le=1 << 30)]
Seed = Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The wire and the far UART.

    `interface` is where the host is connected: the main UART, or the USB AT port.
    `baud` is the host's; absent, it follows the host's own port settings. `garble` makes a baud
    rate or frame that does not match the device's spoil the bytes; with `any_rate` whatever the
    host has set matches. `lag_bytes` is how many more
    bytes the far end sends after RTS goes away or an XOFF arrives: 1 is a UART that watches CTS in
    hardware and only finishes the byte in its shift register; a 16550 whose driver watches CTS
    empties its queue of 16 first. `reopen_ms` is how long the device is deaf after AT+IPR, AT+ICF
    and AT+IFC, while its UART reopens; absent, as the device has it. `time_scale` is model seconds
    per second of the wall clock.
    """

    interface: Interface = "uart"
    speed: Speed = "paced"
    baud: Baud | None = None
    garble: bool = False
    any_rate: bool = False
    lag_bytes: Annotated[int, Meta(ge=0, le=65_536)] = 1
    reopen_ms: Milliseconds | None = None
    time_scale: Annotated[float, Meta(ge=0.001, le=1000)] = 1.0


class Host(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The host's flow control ("auto": what its port settings say), and its RTS/CTS wires."""

    flow: HostFlow = "auto"
    wires: bool = True


class DeviceSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What AT+IFC and AT+IPR are set to before the run; None: as the device has it.

    `ipr` is also the rate of a device that calls the command otherwise (AT+QSETBAND).
    `restore` puts the factory's firmware back first, also into a device that does not start any
    more because its power went during an upgrade.
    """

    ifc: tuple[IfcValue, IfcValue] | None = None
    ipr: Baud | None = None
    restore: bool = False


class Ring(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The device's RX ring; None: as the device has it.

    A ring of another size keeps the device's proportions of the two RTS levels, unless they are
    given here too.
    """

    rx_bytes: Annotated[int, Meta(ge=16, le=1 << 20)] | None = None
    rts_off_bytes: Annotated[int, Meta(ge=1, le=1 << 20)] | None = None
    rts_on_bytes: Annotated[int, Meta(ge=0, le=1 << 20)] | None = None


class Buffer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many bytes an upload takes from the ring per store; None: as the device has it."""

    data_bytes: Annotated[int, Meta(ge=1, le=1 << 20)] | None = None


class FlashSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The flash's speed: its typical times, its worst, drawn between them by the seed, or none."""

    timing: Timing = "typical"


class Stall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The device stops for `stall_ms`, beside what its flash costs.

    It does so once, at byte `at_byte` (from 1) of an upload's data as taken from the ring, or
    again and again, after every `every_bytes` of it. Exactly one of the two is set.
    """

    stall_ms: Annotated[int, Meta(ge=1, le=600_000)]
    at_byte: ByteCount | None = None
    every_bytes: ByteCount | None = None


class FileContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file holds: `text`, bytes as `base64`, another file by `path`, `bytes_count` of
    `fill`, or a PEM of the test `authority`, by its word in `quecsim authority`.
    """

    text: str | None = None
    base64: str | None = None
    path: str | None = None
    authority: Piece | None = None
    bytes_count: Annotated[int, Meta(ge=0, le=1 << 24)] | None = None
    fill: Annotated[int, Meta(ge=0, le=255)] = 255


class Package(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A firmware package that is not in our format: the MD5 of the file, the revision it brings."""

    md5: Annotated[str, Meta(pattern=r"^[0-9a-fA-F]{32}\Z", description="32 hexadecimal digits")]
    target: Line80


class Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the scenario demonstrates; a test runs it.

    Uploading `payload` by a host that streams (or waits for each `A`) leaves the file intact,
    loses some of it, changes it, leaves it short of what the host never sent, or is refused by the
    device. `via` is the command that carries the bytes and
    `file` their name on the device; the host writes `chunk_bytes` at a time with `gap_ms` between,
    and repeats the upload, old file and all, where `keep` says so. `says` is what the host
    complains of, in part. `broker` is what comes of a connection to the scenario's broker. The
    payload "firmware" is a package of `firmware_bytes` from the revision
    `source` (the device's own, if left out) to `target`.
    """

    payload: Payload
    host: HostKind
    outcome: Verdict
    via: UploadWay = "qfupl"
    file: str = "UFS:claim.pem"
    chunk_bytes: Annotated[int, Meta(ge=1, le=65_536)] = 1024
    gap_ms: Milliseconds = 0
    keep: bool = False
    says: str = ""
    firmware_bytes: Annotated[int, Meta(ge=1, le=1 << 23)] = 200_000
    source: str | None = None
    target: str = "TARGET"
    broker: BrokerClaim | None = None


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A saved case: the upload that this scenario is about, and what was found with it.

    The host `function` ("MODULE:FUNCTION") or `program` (its arguments) uploads `payload` as
    `name`. The rest tells people what came of it; a replay needs none of it. `fails` says in how
    many of its runs it failed.
    """

    payload: FileContent
    name: str = "UFS:ca.pem"
    function: str | None = None
    program: tuple[str, ...] | None = None
    cause: str = ""
    found: str = ""
    advice: str = ""
    at_ns: Annotated[int, Meta(ge=0)] | None = None
    at_byte: Annotated[int, Meta(ge=0)] | None = None
    fails: str = ""
    quecsim: str = ""


class Network(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The network behind the device.

    `clock` is what the device's clock says at the start, which the network agrees with; before
    2000 it is one that was never set, and the network has the time of the profile. `bearer` "none":
    there is no network where the device is, and it looks in vain; None: there is. `joined`: the
    first access point is saved in a Wi-Fi device, which has joined it before the run, or does so
    when it starts; None: so it is.
    The rest is what it is like (`quecsim.profiles.schema.Link`); None: as the device has it.
    """

    clock: Moment | None = None
    bearer: Literal["lte", "wlan", "none"] | None = None
    joined: bool | None = None
    latency_ms: Annotated[int, Meta(ge=0, le=60_000)] | None = None
    up_bytes_per_s: Annotated[int, Meta(ge=1, le=1_000_000_000)] | None = None
    down_bytes_per_s: Annotated[int, Meta(ge=1, le=1_000_000_000)] | None = None
    loss_per_million: Annotated[int, Meta(ge=0, le=999_999)] | None = None
    handshake_ms: Milliseconds | None = None


class CommandSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the device says to a command that it does not have; None: as the device does it (ERROR).

    ok: OK to anything that is a command at all. silent: nothing.
    """

    unknown: UnknownCommand | None = None


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `quecsim check` expects of a host here.

    intact: the file arrives, and the host says so. failure: it cannot arrive, and the host says so.
    honest: either of the two, as long as the host knows which.
    """

    expect: Expect = "intact"


class ScenarioFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file as written. `title` and `shows` are for people: what it is, and one sentence."""

    title: str = ""
    shows: str = ""
    device: str = "ec200u"
    seed: Seed = 1
    line: Line = Line()
    host: Host = Host()
    device_settings: DeviceSettings = DeviceSettings()
    commands: CommandSettings = CommandSettings()
    replies: tuple[Reply, ...] = field(default=(), name="reply")
    ring: Ring = Ring()
    buffer: Buffer = Buffer()
    quirks: Quirks = Quirks()
    flash: FlashSettings = FlashSettings()
    stalls: tuple[Stall, ...] = field(default=(), name="stall")
    faults: tuple[AnyFault, ...] = field(default=(), name="fault")
    files: dict[str, FileContent] = {}
    firmware: tuple[Package, ...] = ()
    services: tuple[Service, ...] = field(default=(), name="service")
    names: tuple[Name, ...] = field(default=(), name="name")
    callers: tuple[CallerSettings, ...] = field(default=(), name="caller")
    routes: tuple[Route, ...] = field(default=(), name="route")
    access_points: tuple[AccessPoint, ...] = field(default=(), name="access_point")
    wifi_clients: tuple[WifiClient, ...] = field(default=(), name="wifi_client")
    provisions: tuple[Provision, ...] = field(default=(), name="provision")
    wakes: tuple[Wake, ...] = field(default=(), name="wake")
    ble_peers: tuple[AnyBlePeer, ...] = field(default=(), name="ble_peer")
    claim: Claim | None = None
    journey: Journey | None = None
    network: Network = Network()
    check: Check = Check()
    case: Case | None = None


class Scenario(ScenarioFile, frozen=True, kw_only=True):
    """A scenario ready to run.

    `name` is the file's, without its ending. `contents` are the preloaded files by their name on
    the device. `device_profile` is the device before the scenario's own changes: see `profile()`.
    `case_bytes` is the payload of a saved case.
    """

    name: str = field(name="file_name")  # [[name]] is another thing
    contents: dict[str, bytes]
    case_bytes: bytes | None = None
    device_profile: Profile

    def __repr__(self) -> str:
        """What is not as in any other scenario; a device's profile alone would be 30 kB."""
        told = (
            f"{one.name}={value!r}"
            for one in msgspec.structs.fields(self)
            if (value := getattr(self, one.name)) != one.default and one.name != "device_profile"
        )
        return f"Scenario({', '.join(told)})"

    def profile(self) -> Profile:
        """The device with what this scenario changes of it, which counts as assumed. Its replies
        come before the device's own.
        """
        profile = self.device_profile
        source = f'set by the scenario "{self.name}"'
        if self.replies:
            own = (one if one.source else replace(one, source=source) for one in self.replies)
            profile = replace(profile, replies=(*own, *profile.replies))
        changes = overrides(self, self.device_profile)
        if not changes:
            return profile
        provenance = Provenance("assumed", source)
        for part, values in changes.items():
            profile = replace(profile, **{part: replace(getattr(profile, part), **values)})
        changed = {f"{part}.{key}": provenance for part, keys in changes.items() for key in keys}
        return replace(profile, provenance={**profile.provenance, **changed})


def overrides(scenario: ScenarioFile, device: Profile) -> dict[str, dict[str, Any]]:
    """The profile's values that the scenario replaces: part -> key -> value.

    A quirk that the device has no use for is none of them.
    """
    changes: dict[str, dict[str, Any]] = {}
    for quirk, value in given(scenario.quirks):
        if quirk.has(device):
            changes.setdefault(quirk.part, {})[quirk.key] = value
    if ring := _ring(scenario, device):
        changes[scenario.line.interface] = ring
    if scenario.line.reopen_ms is not None:
        changes["uart"] = {**changes.get("uart", {}), "reopen_ms": scenario.line.reopen_ms}
    if scenario.buffer.data_bytes is not None:
        changes.setdefault("files", {})["data_buffer_bytes"] = scenario.buffer.data_bytes
    if device.link is not None and (link := _link(scenario.network)):
        changes["link"] = link
    if scenario.commands.unknown is not None:
        changes["commands"] = {"unknown": scenario.commands.unknown}
    return changes


_OF_THE_LINK = (
    "latency_ms", "up_bytes_per_s", "down_bytes_per_s", "loss_per_million", "handshake_ms",
)  # fmt: skip


def _link(network: Network) -> dict[str, Any]:
    """What the bearer is like, as far as the scenario says so."""
    values = {key: getattr(network, key) for key in _OF_THE_LINK}
    return {key: value for key, value in values.items() if value is not None}


def _ring(scenario: ScenarioFile, device: Profile) -> dict[str, int | str]:
    ring = scenario.ring
    levels = {"rts_off_bytes": ring.rts_off_bytes, "rts_on_bytes": ring.rts_on_bytes}
    values: dict[str, int | str] = {
        key: level for key, level in levels.items() if level is not None
    }
    if ring.rx_bytes is None:
        return values
    if port_kind(scenario.line.interface).is_serial:
        for key, level in scaled_levels(device.uart, ring.rx_bytes).items():
            if f"uart.{key}" in device.provenance:
                values.setdefault(key, level)
    return {"rx_ring_bytes": ring.rx_bytes, **values}
