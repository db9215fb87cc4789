"""In what modules of one kind differ, and hosts break over it: one row for each quirk.

A quirk is a value of the profile that another firmware of the same device, or a device like it, is
known or likely to have otherwise. A scenario sets it by its word (`[quirks]`); searches and
`quecsim check --quirks` try the `readings` that are plausible on the device.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from quecsim.profiles.schema import (
    AckFraming,
    AckWhen,
    DataPrompt,
    EarlyBytes,
    ExistingFile,
    ExResult,
    HttpEnd,
    IncomingIds,
    ListOrder,
    MissingDelete,
    MissingList,
    NoRoom,
    NoRoomError,
    Offline,
    OkOrError,
    Profile,
    ReadEof,
    SlotNames,
    Surplus,
    TellsAgain,
    TimeoutReply,
    Unanswered,
    UnopenedPath,
    UploadTimer,
)


class Quirks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The values of the profile that a scenario may replace; None: as the device has it."""

    upload_timeout: TimeoutReply | None = None
    write_timeout: TimeoutReply | None = None
    secure_timeout: TimeoutReply | None = None
    upload_timer: UploadTimer | None = None
    missing_delete: MissingDelete | None = None
    missing_list: MissingList | None = None
    existing_file: ExistingFile | None = None
    no_room: NoRoom | None = None
    no_room_error: NoRoomError | None = None
    cmee: Annotated[int, Meta(ge=0, le=2)] | None = None
    checksum_padded: bool | None = None
    write_blank_line: bool | None = None
    first_handle: Annotated[int, Meta(ge=0, le=1_000_000_000)] | None = None
    list_prefix: bool | None = None
    list_order: ListOrder | None = None
    read_eof: ReadEof | None = None
    ack_framing: AckFraming | None = None
    ack_when: AckWhen | None = None
    ack_final_full_block: bool | None = None
    early_bytes: EarlyBytes | None = None
    surplus: Surplus | None = None
    echo_lf: bool | None = None
    sync_every_bytes: Annotated[int, Meta(ge=0, le=1 << 20)] | None = None
    slot_names: SlotNames | None = None
    certificate_prompt: DataPrompt | None = None
    ftp_colon_blank: bool | None = None
    ftp_get_ok: bool | None = None
    ftp_unopened_path: UnopenedPath | None = None
    ftp_stuck_after_data_open: bool | None = None
    prompt_blank: bool | None = None
    fota_http_end: HttpEnd | None = None
    mqtt_quotes: bool | None = None
    mqtt_disconnect_stat: bool | None = None
    mqtt_ex_result: ExResult | None = None
    mqtt_unsent_ends: bool | None = None
    mqtt_unanswered: Unanswered | None = None
    socket_tells_again: TellsAgain | None = None
    socket_offline: Offline | None = None
    socket_unused_close: OkOrError | None = None
    socket_cancel: OkOrError | None = None
    socket_incoming_ids: IncomingIds | None = None


@dataclass(frozen=True, slots=True)
class Quirk:
    """One of them: its word in `[quirks]`, its place in the profile, the values that are tried.

    `is_disputed`: hosts in the field know the other value in spite of what a document says.
    """

    name: str
    place: str
    readings: tuple[Any, ...] = ()
    is_disputed: bool = False

    @property
    def part(self) -> str:
        """The part of the profile."""
        return self.place.partition(".")[0]

    @property
    def key(self) -> str:
        """The value's name in it."""
        return self.place.partition(".")[2]

    def of(self, profile: Profile) -> Any:
        """What the device has. It must have it: see `has`."""
        return getattr(getattr(profile, self.part), self.key)

    def has(self, profile: Profile) -> bool:
        """Whether the device has a use for it."""
        return self.place in profile.provenance

    def plausible(self, profile: Profile) -> tuple[Any, ...]:
        """The values that this device may have, its own first; none where that is known."""
        if not self.has(profile) or not self.readings:
            return ()
        is_open = self.is_disputed or profile.provenance[self.place].how == "assumed"
        own = self.of(profile)
        return (own, *(value for value in self.readings if value != own)) if is_open else ()


_TIMEOUTS = ("summary_then_421", "cme421", "summary_ok")
_BOTH = (False, True)

QUIRKS: dict[str, Quirk] = {
    quirk.name: quirk
    for quirk in (
        Quirk("missing_delete", "files.missing_delete", ("delete_failed", "file_not_found")),
        Quirk("missing_list", "files.missing_list", ("list_failed", "file_not_found")),
        Quirk("checksum_padded", "files.checksum_padded", _BOTH, is_disputed=True),
        Quirk("cmee", "at.cmee", (1, 2, 0)),
        Quirk("upload_timeout", "files.upload_timeout", _TIMEOUTS),
        Quirk("write_timeout", "files.write_timeout", _TIMEOUTS),
        Quirk("secure_timeout", "secure.write_timeout", _TIMEOUTS, is_disputed=True),
        Quirk("upload_timer", "files.upload_timer"),
        Quirk("existing_file", "files.existing_file", ("refuse", "overwrite")),
        Quirk("no_room", "files.no_room", ("refuse", "at_end")),
        Quirk("no_room_error", "files.no_room_error", ("file_too_large", "no_space", "drive_full")),
        Quirk("write_blank_line", "files.write_blank_line", _BOTH, is_disputed=True),
        Quirk("first_handle", "files.first_handle", (3000, 1027, 1)),
        Quirk("list_prefix", "files.list_prefix", _BOTH),
        Quirk("list_order", "files.list_order", ("name", "created")),
        Quirk("read_eof", "files.read_eof", ("cme402", "connect0")),
        Quirk("ack_framing", "files.ack_framing", ("bare", "crlf")),
        Quirk("ack_when", "files.ack_when", ("stored", "received")),
        Quirk("ack_final_full_block", "files.ack_final_full_block", _BOTH),
        Quirk("early_bytes", "files.early_bytes", ("data", "discard")),
        Quirk("surplus", "files.surplus"),  # no host pauses after the OK for those that discard
        Quirk("echo_lf", "at.echo_lf", _BOTH),
        Quirk("sync_every_bytes", "files.sync_every_bytes", (0, 1024)),
        Quirk("slot_names", "secure.slot_names", ("listed", "any"), is_disputed=True),
        Quirk("certificate_prompt", "certificates.asks_by", ("prompt", "connect")),
        Quirk("ftp_colon_blank", "ftp.colon_blank", _BOTH, is_disputed=True),
        Quirk("ftp_get_ok", "ftp.get_ok", _BOTH, is_disputed=True),
        Quirk("ftp_unopened_path", "ftp.unopened_path"),
        Quirk("ftp_stuck_after_data_open", "ftp.stuck_after_data_open"),
        Quirk("prompt_blank", "at.prompt_blank", _BOTH),
        Quirk("fota_http_end", "fota.http_end", ("HTTPEND", "HTTPEnd")),
        Quirk("mqtt_quotes", "mqtt.quotes_payload"),
        Quirk("mqtt_disconnect_stat", "mqtt.disconnect_stat", _BOTH),
        Quirk("mqtt_ex_result", "mqtt.ex_result"),
        Quirk("mqtt_unsent_ends", "mqtt.unsent_ends"),
        Quirk("mqtt_unanswered", "mqtt.unanswered"),
        Quirk("socket_tells_again", "sockets.tells_again"),
        Quirk("socket_offline", "sockets.offline"),
        Quirk("socket_unused_close", "sockets.unused_close"),
        Quirk("socket_cancel", "sockets.cancel"),
        Quirk("socket_incoming_ids", "sockets.incoming_ids"),
    )
}


def given(quirks: Quirks) -> Iterator[tuple[Quirk, Any]]:
    """Those that are set, with their values."""
    for name, quirk in QUIRKS.items():
        value = getattr(quirks, name)
        if value is not None:
            yield quirk, value


def quirk_text(name: str, value: Any) -> str:
    """As it is typed: `write_blank_line=false`."""
    return f"{name}={str(value).lower() if isinstance(value, bool) else value}"
