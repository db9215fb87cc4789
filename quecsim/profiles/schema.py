"""What makes one device differ from another, as plain values.

A `Profile` holds the numbers and named quirks of one device; `Profile.provenance` says of each one
how we know it, under its dotted name (`"uart.rx_ring_bytes"`). The file a profile comes from wraps
every value as `{ value = ..., how = ..., source = ... }`; `quecsim.profiles.loader` takes that
apart. Each quirk is read in exactly one place of the simulator.

Units are last in a name: `_bytes`, `_ms`, `_us`, `_ns`, `_s`.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, field

from quecsim.profiles.canned import Reply

How = Literal["documented", "measured", "assumed"]
FlowScope = Literal["data", "always"]
UrcOnDataMode = Literal["clear", "keep"]
TimeoutReply = Literal["cme421", "summary_then_421", "summary_ok"]
UploadTimer = Literal["idle", "total"]
ExistingFile = Literal["refuse", "overwrite"]
MissingList = Literal["list_failed", "file_not_found", "ok"]
MissingDelete = Literal["delete_failed", "file_not_found"]
ListOrder = Literal["name", "created"]
SlotNames = Literal["listed", "any"]
EarlyBytes = Literal["data", "discard"]
Surplus = Literal["command", "discard"]
ReadEof = Literal["cme402", "connect0"]
AckFraming = Literal["bare", "crlf"]
AckWhen = Literal["stored", "received"]
NoRoom = Literal["refuse", "at_end"]
NoRoomError = Literal["file_too_large", "drive_full", "no_space"]
Storage = Literal["UFS", "RAM"]
Directories = Literal["none", "made", "must_exist"]
MissingPackage = Literal["error", "end"]
ProtocolMode = Literal["010003", "refuse"]
ProgressNumber = Literal["ordinal", "percent"]
FotaSource = Literal["serial", "server"]
HttpEnd = Literal["HTTPEND", "HTTPEnd"]
UnknownCommand = Literal["error", "ok", "silent"]
ErrorCause = Literal[
    "operation_not_allowed",
    "operation_not_supported",
    "sim_not_inserted",
    "incorrect_parameters",
    "invalid_input",
    "size_exceeded",
    "read_zero_byte",
    "drive_full",
    "file_not_found",
    "invalid_file_name",
    "file_exists",
    "create_failed",
    "write_failed",
    "open_failed",
    "read_failed",
    "max_open_files",
    "file_read_only",
    "invalid_handle",
    "list_failed",
    "delete_failed",
    "disk_info_failed",
    "no_space",
    "timeout",
    "file_too_large",
    "invalid_parameter",
    "already_open",
    "http_unknown",
    "http_busy",
    "http_no_request",
    "http_no_context",
    "http_deactivated",
    "http_network",
    "http_url",
    "http_no_url",
    "http_address",
    "http_dns",
    "http_create",
    "http_connect",
    "http_read",
    "http_write",
    "http_closed",
    "http_encode",
    "http_decode",
    "http_read_timeout",
    "http_response",
    "http_input_timeout",
    "http_response_timeout",
    "http_memory",
    "http_parameter",
]
TcpipCause = Literal[
    "none",
    "unknown",
    "blocked",
    "invalid_parameters",
    "no_memory",
    "create_failed",
    "not_supported",
    "bind_failed",
    "listen_failed",
    "write_failed",
    "read_failed",
    "accept_failed",
    "context_failed",
    "identity_used",
    "dns_busy",
    "dns_failed",
    "connect_failed",
    "closed",
    "busy",
    "timeout",
    "context_broken",
    "cancelled",
    "not_allowed",
    "port_busy",
]
WhyWord = Literal[
    "dns",
    "refused",
    "unreachable",
    "timeout",
    "reset",
    "fin",
    "not-allowed",
    "tls:ca",
    "tls:own",
    "tls:verify",
    "tls:time",
    "tls:alert",
    "tls:version",
]
FtpWord = Literal[
    "unknown",
    "busy",
    "not_open",
    "dns",
    "network",
    "control",
    "data_open",
    "data",
    "bearer",
    "timeout",
    "parameter",
    "position",
    "no_file",
    "file",
    "no_room",
]
UnopenedPath = Literal["kept", "refused"]
Spaces = Literal["ignored", "kept"]
TellsAgain = Literal["emptied", "read_zero"]
Offline = Literal["error", "result"]
OkOrError = Literal["ok", "error"]
IncomingIds = Literal["lowest", "highest"]
StateField = Literal[
    "id",
    "service",
    "address",
    "port",
    "local_port",
    "state",
    "context",
    "server",
    "mode",
    "at_port",
    "tls",
]
SaveWhen = Literal["success", "command"]
GetFailure = Literal["cme", "urc"]
DnsError = Literal["dns", "connect"]
PingAllLost = Literal["error", "counts"]
NtpDigits = Literal["utc", "local"]
Unanswered = Literal["silent", "failed"]
ExResult = Literal["+QMTPUBEX", "+QMTPUB"]
StationUp = Literal["enabled", "joined", "addressed"]
BleHexCounts = Literal["bytes", "digits"]
ZerosOrError = Literal["zeros", "error"]
ListQuotes = Literal["none", "name", "all"]
WifiWords = Literal["quoted", "bare"]
DataPrompt = Literal["prompt", "connect"]
OtaScheme = Literal["http", "https"]
OtaOffline = Literal["error", "failed"]
MqttSslLasts = Literal["restart", "power"]
Family = Literal[
    "basic",
    "identity",
    "subscriber",
    "line",
    "power",
    "network",
    "calls",
    "clock",
    "signal",
    "selection",
    "indicators",
    "packet_domain",
    "sim",
    "supplementary",
    "messages",
    "config",
    "indications",
    "disk",
    "storages",
    "upload",
    "handles",
    "positions",
    "fota_v1_0",
    "fota_v1_1",
    "fota_unisoc",
    "flush",
    "secure",
    "tls_gsm",
    "ftp",
    "wlan",
    "wlan_settings",
    "wlan_station",
    "wlan_ap",
    "wlan_provision",
    "wlan_upgrade",
    "tls",
    "tls_slots",
    "mqtt",
    "http_settings",
    "socket_settings",
    "ble_settings",
    "ble_peripheral",
    "ble_peripheral_bare",
    "ble_central",
    "ble_central_bare",
    "ble_transparent",
    "questions_wlan",
    "packet",
    "packet_gsm",
    "sockets",
    "questions_lte",
    "tls_lte",
    "mqtt_lte",
    "http_lte",
    "ftp_lte",
]

Baud = Annotated[int, Meta(ge=50, le=4_000_000)]
Frame = Literal["8N1", "8N2", "8E1", "8O1"]
IfcValue = Annotated[int, Meta(ge=0, le=2)]
RingBytes = Annotated[int, Meta(ge=16, le=1 << 20)]
Milliseconds = Annotated[int, Meta(ge=0, le=600_000)]
Microseconds = Annotated[int, Meta(ge=0, le=10_000_000)]
CmeCode = Annotated[int, Meta(ge=0, le=9999)]
Digits = Annotated[str, Meta(pattern=r"^[0-9]{1,4}\Z", description="text of 1 to 4 digits")]
SignedDigits = Annotated[
    str, Meta(pattern=r"^-?[0-9]{1,4}\Z", description="text of 1 to 4 digits, with or without -")
]
AnyLine = Annotated[
    str, Meta(pattern=r"^[ -~]{0,80}\Z", description="one line of plain text, or nothing")
]
HeaderLine = Annotated[
    str,
    Meta(pattern=r"^[!#-'*+.0-9A-Z^-z|~-]{1,40}: [!-~ ]{0,160}\Z", description="Name: value"),
]
TestReply = Annotated[
    str, Meta(pattern=r"^[ -~\r\n]{0,1000}\Z", description="the lines of a test reply")
]
Line = Annotated[
    str, Meta(pattern=r"^[ -~]{1,80}\Z", description="one line of plain text, 1 to 80 characters")
]
Imei = Annotated[str, Meta(pattern=r"^[0-9]{15}\Z", description="text of 15 digits")]
Imsi = Annotated[str, Meta(pattern=r"^[0-9]{14,15}\Z", description="text of 14 or 15 digits")]
Iccid = Annotated[
    str, Meta(pattern=r"^[0-9]{18,19}[0-9F]\Z", description="text of 19 or 20 digits")
]
Plmn = Annotated[str, Meta(pattern=r"^[0-9]{5,6}\Z", description="text of 5 or 6 digits")]
Mac = Annotated[str, Meta(pattern=r"^[0-9a-f]{12}\Z", description="text of 12 hexadecimal digits")]
Hex = Annotated[
    str, Meta(pattern=r"^[0-9A-F]{1,8}\Z", description="text of 1 to 8 hexadecimal digits, A to F")
]

System = Literal["gsm", "umts", "lte"]
PdpType = Literal["IP", "IPV6", "IPV4V6"]
MessageStore = Literal["SM", "ME"]
Slots = Annotated[int, Meta(ge=0, le=10_000)]
Address = Annotated[
    str,
    Meta(pattern=r"^[0-9]{1,3}(\.[0-9]{1,3}){3}\Z", description="an IPv4 address in dotted form"),
]
Phone = Annotated[
    str, Meta(pattern=r"^(\+?[0-9]{1,20})?\Z", description="a telephone number, with + or without")
]
Date = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{2}/[0-9]{2}/[0-9]{2},[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}\Z",
        description="a date as AT+CCLK writes it: 26/11/29,00:00:00+00",
    ),
]

Slot = Annotated[
    str,
    Meta(
        pattern=r"^[A-Z0-9]{1,16}\Z",
        description="1 to 16 characters, A to Z in capitals and digits",
    ),
]


class Provenance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How we know one value: from a document, from a real device, or not at all."""

    how: How
    source: str
    note: str = ""


class Identity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ATI and its kin answer. A firmware upgrade changes the `revision`.

    AT+QGMR tells more of the factory's one: `edition` stands behind it, where a device has such.
    """

    manufacturer: Line
    model: Line
    revision: Line
    edition: AnyLine = ""


class Waiting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Commands that the documents have and the simulator has not, and what they wait for."""

    needs: Line
    names: Annotated[tuple[Line, ...], Meta(min_length=1)]


class Commands(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which commands the device has.

    `families` are whole groups of commands; `absent` takes single ones out again. `keys` limits a
    settings command such as AT+QCFG to the keys that this device knows. `test_replies` words the
    reply of AT+X=? as this device's document does, where it differs from the rest. `waiting` lists
    what the documents have besides. `unknown` is the answer to a command that the device does not
    have: no device says anything but ERROR.
    """

    families: Annotated[tuple[Family, ...], Meta(min_length=1)]
    absent: tuple[Line, ...]
    keys: dict[str, tuple[Line, ...]]
    test_replies: dict[str, TestReply]
    waiting: tuple[Waiting, ...]
    unknown: UnknownCommand


class Uart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The device's end of the serial line.

    `rts_off_bytes` is the ring level at which the device takes RTS away (or sends XOFF),
    `rts_on_bytes` the level at which it lets go again. `ifc_default` is (dce_by_dte, dte_by_dce)
    as in AT+IFC. `flow_scope` says whether flow control also holds outside data mode.
    A device that looks for the host's rate (`Profile.autobaud`) is nominally at `baud` until then.
    `reopen_ms` is the deaf gap after a change of line settings; `tx_drop_ms` is how long a byte
    may wait for the host before the device throws it away.
    """

    baud: Baud
    bauds: Annotated[tuple[Baud, ...], Meta(min_length=1)]
    frame: Frame
    frames: Annotated[tuple[Frame, ...], Meta(min_length=1)]
    rx_ring_bytes: RingBytes
    tx_ring_bytes: RingBytes
    rts_off_bytes: Annotated[int, Meta(ge=1, le=1 << 20)] = 1
    rts_on_bytes: Annotated[int, Meta(ge=0, le=1 << 20)] = 0
    ifc_values: Annotated[tuple[IfcValue, ...], Meta(min_length=1)]
    ifc_default: tuple[IfcValue, IfcValue]
    flow_scope: FlowScope = "data"
    reopen_ms: Milliseconds
    tx_drop_ms: Milliseconds = 0


class Autobaud(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a device finds the host's rate: `lost_lines` lines that begin with AT go for that, and
    get no answer; with 0 of them the first A is enough, and nothing is lost.
    """

    lost_lines: Annotated[int, Meta(ge=0, le=16)]


class Usb(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The USB AT port: packets instead of a baud rate, and NAK instead of lost bytes."""

    packet_bytes: Annotated[int, Meta(ge=8, le=1024)]
    packet_us: Annotated[int, Meta(ge=1, le=1_000_000)]
    rx_ring_bytes: RingBytes
    usbifc_default: tuple[IfcValue, IfcValue]


class At(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The AT command interpreter.

    `line_bytes` counts the CR. `lf_wait_ms` is how long an LF after the CR is waited for, and
    `echo_lf` whether it is echoed. `urc_gap_ms` is the least silence between a final result code
    and the first URC after it; the URC queue is bounded in entries and in bytes. `spaces`: whether
    those within names and within values without quotes count. `prompt_blank` is the blank behind
    the prompt `>` that asks for data.
    """

    line_bytes: Annotated[int, Meta(ge=64, le=65_536)]
    parameters: Annotated[int, Meta(ge=1, le=256)]
    lf_wait_ms: Milliseconds
    echo_lf: bool
    command_latency_us: Microseconds
    urc_gap_ms: Milliseconds
    urc_queue_entries: Annotated[int, Meta(ge=1, le=65_536)]
    urc_queue_bytes: Annotated[int, Meta(ge=80, le=1 << 20)]
    urc_on_data_mode: UrcOnDataMode
    spaces: Spaces
    prompt_blank: bool
    cmee: Annotated[int, Meta(ge=0, le=2)]
    echo: bool


class Errors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The numbered errors: `+CME ERROR: 407`.

    `numbers`: what each cause is called; a cause without a number is a plain ERROR. `words`: what
    a number means, which AT+CMEE=2 shows in its place; one without words is shown as a number, and
    so are those in `numeric`. `tcpip`: the numbers of what AT+QIGETERROR tells; it has `words` too.
    """

    numbers: dict[ErrorCause, CmeCode]
    words: dict[Digits, Line]
    numeric: tuple[CmeCode, ...]
    tcpip: dict[TcpipCause, CmeCode] = {}


class Escape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The guard times of `+++`: silence before, all pluses within, silence after.

    `ends_file_data` says whether `+++` ends the data of a file command at all, and
    `dtr_ends_file_data` whether DTR does that under AT&D1 and AT&D2.
    """

    ends_file_data: bool
    dtr_ends_file_data: bool
    before_ms: Milliseconds
    within_ms: Milliseconds
    after_ms: Milliseconds


class BootUrc(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the start-up, `at_ms` after the moment the device is ready (RDY is at 0)."""

    text: Line
    at_ms: Milliseconds


class RadioUrc(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line after AT+CFUN=0 became AT+CFUN=1, `after_ms` after its OK."""

    text: Line
    after_ms: Milliseconds


class Boot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Start and stop: power-up to ready, the restart by command, the end by AT+QPOWD.

    While a device looks for the host's baud rate, it says none of `urcs`.
    """

    ready_ms: Milliseconds
    restart_ms: Milliseconds
    power_off_ms: Milliseconds = 0
    power_down_text: AnyLine
    urcs: tuple[BootUrc, ...]
    radio_urcs: tuple[RadioUrc, ...]


class Files(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """UFS and the FILE commands.

    `cache_bytes` is what the file system gathers before it programs the flash; `data_buffer_bytes`
    what an upload without ACK mode takes from the ring per store, and `ack_block_bytes` what one
    `A` answers for. The quirks: `upload_timeout` and `write_timeout` (what QFUPL and QFWRITE print
    when the data stops), `upload_timer` (restarted by data or not), `ack_framing` (a lone `A`, or
    one on a line of its own), `ack_when` (its block is on the flash, or only out of the ring),
    `ack_final_full_block`, `existing_file`, `no_room` (a QFUPL that does not fit: refused with
    `no_room_error`, or taken until the disk is full), `missing_list` and `missing_delete` (QFLST
    and QFDEL of no such file), `list_order` (of QFLST), `checksum_padded` (four digits always),
    `early_bytes` (sent after the command line, before CONNECT), `surplus` (sent after the last byte
    of data; thrown away for `surplus_discard_ms` when "discard"), `read_eof` (QFREAD at the end)
    and `write_blank_line` (the empty line before the summary of QFWRITE).

    `storages` are the prefixes that a file's name may have; RAM: holds `ram_bytes` in all, UFS:
    `ufs_bytes` in whole blocks (0: all that the flash has room for). What an upload has stored is
    safe from a power cut after every `sync_every_bytes`, or with 0 when it is closed.
    With `ram_details` AT+QFLDS tells the longest file that fits, AT+QFLST what each has set aside.
    `directories` says whether a name on UFS may have directories in it (`security/ca.pem`): "made"
    with the first file in one and gone with the last, or "must_exist" on the flash already.
    `command_s` is how long a command on the storage may take until its answer. `write_max_bytes` is
    the longest QFWRITE, `timeout_min_s` and `timeout_max_s` bound its time-out and that of QFUPL.
    """

    storages: Annotated[tuple[Storage, ...], Meta(min_length=1)]
    ram_bytes: Annotated[int, Meta(ge=0, le=1 << 26)]
    ufs_bytes: Annotated[int, Meta(ge=0, le=1 << 28)]
    ram_details: bool
    directories: Directories

    block_bytes: Annotated[int, Meta(ge=256, le=1 << 20)]
    block_count: Annotated[int, Meta(ge=4, le=65_536)]
    name_bytes: Annotated[int, Meta(ge=8, le=255)]
    cache_bytes: Annotated[int, Meta(ge=16, le=1 << 20)]
    data_buffer_bytes: Annotated[int, Meta(ge=1, le=1 << 20)]
    ack_block_bytes: Annotated[int, Meta(ge=1, le=1 << 20)] = 1024
    max_open_files: Annotated[int, Meta(ge=1, le=64)]
    first_handle: Annotated[int, Meta(ge=0, le=1_000_000_000)]
    default_size_bytes: Annotated[int, Meta(ge=1, le=1 << 30)]
    write_max_bytes: Annotated[int, Meta(ge=1, le=(1 << 31) - 1)]
    command_s: Annotated[int, Meta(ge=1, le=65_535)]
    default_timeout_s: Annotated[int, Meta(ge=1, le=65_535)]
    timeout_min_s: Annotated[int, Meta(ge=1, le=65_535)]
    timeout_max_s: Annotated[int, Meta(ge=1, le=65_535)]
    list_prefix: bool
    upload_timeout: TimeoutReply = "cme421"
    write_timeout: TimeoutReply
    upload_timer: UploadTimer
    ack_framing: AckFraming = "bare"
    ack_when: AckWhen = "stored"
    ack_final_full_block: bool = True
    existing_file: ExistingFile = "refuse"
    no_room: NoRoom = "refuse"
    no_room_error: NoRoomError = "no_space"
    missing_list: MissingList
    missing_delete: MissingDelete
    list_order: ListOrder
    checksum_padded: bool = False
    sync_every_bytes: Annotated[int, Meta(ge=0, le=1 << 20)]
    early_bytes: EarlyBytes
    surplus: Surplus
    surplus_discard_ms: Milliseconds
    read_eof: ReadEof
    write_blank_line: bool


class Flash(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The NOR flash under UFS: one erase block is one file system block.

    `page_bytes` is what it programs in one go: a power of two.
    """

    page_bytes: Annotated[int, Meta(ge=16, le=4096)]
    program_page_typ_us: Microseconds
    program_page_max_us: Microseconds
    erase_block_typ_ms: Milliseconds
    erase_block_max_ms: Milliseconds
    read_byte_ns: Annotated[int, Meta(ge=0, le=1_000_000)]


class Radio(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cellular device, its SIM and its network.

    The `imei` ends in its Luhn digit; the rest are 27.007 numbers, `lac` and `cell_id` in
    hexadecimal. `systems` are the networks that it can use; `band` and `channel` are those of its
    cell, in the words of AT+QNWINFO. `level_dbm` is RSRP (LTE), RSCP (UMTS) or RSSI (GSM),
    `quality_db` RSRQ or Ec/No, and `sinr_db` LTE's ratio of signal to noise. AT+QCSQ and AT+QNWINFO
    call LTE by the first and the second of `lte_words`; with `sinr_fifths` AT+QCSQ tells the ratio
    in fifths of a dB above -20 dB.
    `pdp_types` are the kinds of packet contexts that it can define, `apn` the name in the first of
    them. `number` is its own, and
    `service_centre` that of short messages; `message_slots` is how many each storage of them holds,
    the one in use first. `network_time` is the time in the network when the model's time begins.
    `ussd_reply` answers every AT+CUSD. `register_ms` is how long it looks for its network,
    `message_ms` and `ussd_ms` how long the network takes for a message, and for an answer.
    """

    imei: Imei
    imsi: Imsi
    iccid: Iccid
    operator_numeric: Plmn
    operator_name: Line
    csq_rssi: Annotated[int, Meta(ge=0, le=99)]
    csq_ber: Annotated[int, Meta(ge=0, le=99)]
    access_technology: Annotated[int, Meta(ge=0, le=15)]
    lac: Hex
    cell_id: Hex
    registration: Annotated[int, Meta(ge=0, le=10)]
    systems: Annotated[tuple[System, ...], Meta(min_length=1)] = ("gsm",)
    band: AnyLine = ""
    channel: Annotated[int, Meta(ge=0, le=262_143)] = 0
    level_dbm: Annotated[int, Meta(ge=-140, le=-25)] = -110
    quality_db: Annotated[int, Meta(ge=-20, le=0)] = 0
    sinr_db: Annotated[int, Meta(ge=-20, le=30)] = 0
    sinr_fifths: bool = False
    lte_words: tuple[Line, Line] = ("LTE", "FDD LTE")
    apn: AnyLine = ""
    pdp_types: Annotated[tuple[PdpType, ...], Meta(min_length=1)] = ("IP",)
    number: Phone = ""
    service_centre: Phone = ""
    message_slots: Annotated[dict[MessageStore, Slots], Meta(min_length=1)] = {}
    network_time: Date = "00/01/01,00:00:00+00"
    ussd_reply: AnyLine = ""
    battery_percent: Annotated[int, Meta(ge=0, le=100)] = 100
    battery_mv: Annotated[int, Meta(ge=0, le=100_000)] = 0
    register_ms: Milliseconds = 0
    message_ms: Milliseconds = 0
    ussd_ms: Milliseconds = 0


class TcpIp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The TCP/IP that a cellular device has itself, for its own commands.

    It has `contexts` packet contexts, of which `active_contexts` can be active at once; the first
    gets `address`, the others those behind it, with `dns` as name servers. `activate_ms` is how
    long it takes to activate one, or to deactivate it. `context_lost_text` is what the host is told
    when the network takes an active context away, with `{context}` for its number. With
    `implicit_activation` a connection that needs a context activates it itself.
    `content_type` is the highest of AT+QHTTPCFG; `mqtt_ssl_lasts` what AT+QMTCFG="ssl" does not
    survive.
    """

    contexts: Annotated[int, Meta(ge=1, le=16)]
    active_contexts: Annotated[int, Meta(ge=1, le=16)]
    address: Address
    dns: tuple[Address, Address]
    activate_ms: Milliseconds
    context_lost_text: Line
    implicit_activation: bool = False
    content_type: Annotated[int, Meta(ge=0, le=9)] = 0
    mqtt_ssl_lasts: MqttSslLasts = "restart"


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The bearer: `latency_ms` one way, both rates, segments of at most `segment_bytes`.

    Of a million segments `loss_per_million` are lost, and come `retransmit_ms` later.
    `handshake_ms` is what the device computes when a TLS connection is opened.
    """

    latency_ms: Annotated[int, Meta(ge=0, le=60_000)]
    up_bytes_per_s: Annotated[int, Meta(ge=1, le=1_000_000_000)]
    down_bytes_per_s: Annotated[int, Meta(ge=1, le=1_000_000_000)]
    loss_per_million: Annotated[int, Meta(ge=0, le=999_999)]
    segment_bytes: Annotated[int, Meta(ge=1, le=65_535)]
    retransmit_ms: Milliseconds
    handshake_ms: Milliseconds


class Mqtt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The MQTT clients of a device.

    `open_results` are the numbers of +QMTOPEN by what went wrong (`quecsim.border.Why`), and
    `open_words` what the device's own table says of them, where it has one; a device waits `open_s`
    for its connection. A client's name has at most `client_id_bytes`, that of its user
    `user_bytes`. A publication has at most `payload_bytes`, and `in_flight` of them may wait for
    their answer. A message of more than `received_bytes` is lost; `buffers` hold them where
    AT+QMTCFG="recv/mode" says so. The others are told with their length (`tells_length`: whatever
    AT+QMTCFG says), and their payload in quotes (`quotes_payload`).

    What happens besides: `disconnect_stat`: AT+QMTDISC is followed by +QMTSTAT, too.
    `ex_result`: what the result of AT+QMTPUBEX is called.
    `unsent_ends`: a client whose packet is never answered ends its connection. `unanswered`: what
    is said of packets whose connection ends before their answer.
    """

    open_results: dict[WhyWord, Annotated[int, Meta(ge=-1, le=99)]]
    open_words: dict[SignedDigits, Line]
    open_s: Annotated[int, Meta(ge=1, le=600)]
    client_id_bytes: Annotated[int, Meta(ge=1, le=65_535)]
    user_bytes: Annotated[int, Meta(ge=1, le=65_535)]
    payload_bytes: Annotated[int, Meta(ge=1, le=65_535)]
    in_flight: Annotated[int, Meta(ge=1, le=64)]
    received_bytes: Annotated[int, Meta(ge=1, le=65_535)]
    buffers: Annotated[int, Meta(ge=1, le=64)]
    tells_length: bool
    quotes_payload: bool
    disconnect_stat: bool
    ex_result: ExResult = "+QMTPUBEX"
    unsent_ends: bool
    unanswered: Unanswered


class Sockets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sockets of a device, those with TLS too.

    `open_causes` say by what went wrong (`quecsim.border.Why`) with which result of TCP/IP opening
    one ends, `open_s` how long that may take, and `offline` whether without a network the command
    is an error or a result follows its OK. `send_bytes` may be sent and not acknowledged;
    `push_bytes` are in one result code at most. `tells_again` says when a socket reports once more
    that something has come: after all was read, or after a read that found nothing.
    `tells_context_lost`: it is closed for the host when the network has gone, which hosts otherwise
    hear of by other words. `unused_close` and `cancel` are how AT+QICLOSE answers for a socket that
    is not open, and AT+QISEND when Esc takes the data back; `echoes_data` says whether the data
    are echoed. `incoming_ids`: which of the free sockets takes up a call. `tells_late_close`: under
    AT+QICFG="close/mode",1 the host hears when a socket is closed at last. `dtr_ends`: under AT&D1
    the host's DTR ends transparent mode. `state_fields` and `tls_state_fields` are the values of
    +QISTATE and +QSSLSTATE, in their order; `tls_local_port`: the latter tells the local port, and
    not 0.
    """

    open_causes: dict[WhyWord, TcpipCause]
    open_s: Annotated[int, Meta(ge=1, le=600)]
    offline: Offline
    send_bytes: Annotated[int, Meta(ge=1460, le=65_536)]
    push_bytes: Annotated[int, Meta(ge=1, le=65_536)]
    tells_again: TellsAgain
    tells_context_lost: bool
    unused_close: OkOrError
    cancel: OkOrError
    echoes_data: bool
    incoming_ids: IncomingIds
    tells_late_close: bool
    dtr_ends: bool
    state_fields: tuple[StateField, ...]
    tls_state_fields: tuple[StateField, ...]
    tls_local_port: bool


class Tls(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """TLS connections of a device, whichever client opens them.

    `keeps_good_blocks`: of a file in which one certificate is damaged, the others count.
    """

    keeps_good_blocks: bool


class Http(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """HTTP requests of a device.

    `headers` are the lines that stand in each of its requests, behind Host. Where a GET request
    cannot get through to its server, that is said by +CME ERROR instead of OK (`cme`), or in the
    result code behind it (`urc`); what is said of a name that does not resolve is `dns_error`. A
    connection may take `connect_s` where the host waits for it. It follows up to `redirects` to
    other URLs. `url_bytes` is the longest URL, `output_bytes` how much of a response it gives out
    at once. `boundary` stands between the parts of a form.
    """

    headers: tuple[HeaderLine, ...]
    get_failure: GetFailure
    dns_error: DnsError
    connect_s: Annotated[int, Meta(ge=1, le=600)]
    redirects: Annotated[int, Meta(ge=0, le=20)]
    url_bytes: Annotated[int, Meta(ge=16, le=2048)]
    output_bytes: Annotated[int, Meta(ge=1, le=4096)]
    boundary: Line


class Questions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """AT+QPING, AT+QIDNSGIP and AT+QNTP.

    An echo request has `ping_bytes`, and the next one goes `ping_gap_ms` behind the answer to the
    last. `ping_all_lost` says how AT+QPING ends where no answer came: with the error of a time-out,
    or with the counts. `dns_s` is how long a name may take. A time server is asked `ntp_tries`
    times, and has `ntp_wait_s` each time; `ntp_server` is the one that is asked where the host
    names none, `ntp_sets_clock` whether the clock is set where it does not say. What AT+QNTP tells
    has a year of `ntp_year_digits`, and is UTC or local time (`ntp_digits`), with the mark of the
    local zone in either case.
    """

    ping_bytes: Annotated[int, Meta(ge=1, le=1500)]
    ping_gap_ms: Milliseconds
    ping_all_lost: PingAllLost
    dns_s: Annotated[int, Meta(ge=1, le=600)]
    ntp_server: AnyLine
    ntp_tries: Annotated[int, Meta(ge=1, le=10)]
    ntp_wait_s: Annotated[int, Meta(ge=1, le=600)]
    ntp_sets_clock: bool
    ntp_year_digits: Literal[2, 4]
    ntp_digits: NtpDigits


class Fota(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Firmware upgrade by AT+QFOTADL, or AT+QWLANOTA.

    A package comes from its `sources` (over the serial port, from a server), or is a file on UFS
    already: `paths` are the ways to name that (`/data/ufs/`, `UFS:`), none where the device has no
    such form; `missing_package` is what it says of one that is not there: plain ERROR at once, or
    OK, START and then END with an error. `path_error` is the number of FTPEND and HTTPEND where
    AT+QCFG="fota/path" names no storage.
    `protocol_mode` is the answer to the `,2` form; `download_number` and `update_number` say what
    the number in DOWNLOADING and UPDATING counts. `http_end` is how HTTPEND is spelt.
    `start_ms` is the time from the OK to FILESTART, FTPSTART or HTTPSTART, `idle_ms` how long the
    device waits for the next byte from the serial port, `wait_s` how long for a server,
    `network_ms` the time from FTPSTART or HTTPSTART to the error that there is no network,
    `begin_ms` that from FILEEND, FTPEND or HTTPEND to START, `update_ms` that of the whole upgrade,
    `reboot_ms` that from END to the restart.

    Where not `tells_steps`, nothing is said from START to END. `cut_breaks`: a device whose power
    goes during the upgrade does not start any more; otherwise it begins with it again.

    AT+QWLANOTA takes addresses of `ota_schemes`, says DOWNLOADING `ota_progress` times, spread
    evenly from the first byte on, and `ota_offline` is what it does without a network: plain ERROR,
    or OK and then DOWNLOAD_FAILED.
    """

    sources: tuple[FotaSource, ...]
    paths: tuple[Line, ...] = ()
    missing_package: MissingPackage = "error"
    protocol_mode: ProtocolMode = "refuse"
    download_number: ProgressNumber = "ordinal"
    update_number: ProgressNumber
    http_end: HttpEnd = "HTTPEND"
    path_error: Annotated[int, Meta(ge=1, le=9999)] = 608
    wait_s: Annotated[int, Meta(ge=1, le=600)] = 60
    start_ms: Milliseconds = 0
    idle_ms: Annotated[int, Meta(ge=1, le=600_000)] = 30_000
    network_ms: Milliseconds = 0
    begin_ms: Milliseconds
    update_ms: Milliseconds
    reboot_ms: Milliseconds
    tells_steps: bool = True
    cut_breaks: bool = True
    ota_schemes: Annotated[tuple[OtaScheme, ...], Meta(min_length=1)] = ("http",)
    ota_progress: Annotated[int, Meta(ge=0, le=100)] = 1
    ota_offline: OtaOffline = "error"


class Secure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The certificate store of AT+QSECWRITE: RAM:<name> and the named NVRAM slots.

    `slot_names` says whether NVRAM: takes other names, too.
    """

    slots: Annotated[tuple[Slot, ...], Meta(min_length=1)]
    slot_names: SlotNames
    slot_max_bytes: Annotated[int, Meta(ge=1, le=1 << 20)]
    ram_max_bytes: Annotated[int, Meta(ge=1, le=1 << 20)]
    ram_bytes: Annotated[int, Meta(ge=1, le=1 << 26)]
    timeout_min_s: Annotated[int, Meta(ge=1, le=65_535)]
    timeout_max_s: Annotated[int, Meta(ge=1, le=65_535)]
    default_timeout_s: Annotated[int, Meta(ge=1, le=65_535)]
    write_timeout: TimeoutReply


class Certificates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The certificate, the client's own and its key, as AT+QSSLCERT takes them.

    Data is asked for by `>` or by CONNECT (`asks_by`). A certificate has `most_bytes` at most; an
    upload is over where no byte comes for `timeout_s`.
    """

    asks_by: DataPrompt
    most_bytes: Annotated[int, Meta(ge=1, le=1 << 20)]
    timeout_s: Annotated[int, Meta(ge=1, le=65_535)]


class Ftp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The FTP commands.

    `results` are their numbers by what went wrong, `replies` those by what the server answered
    (`550`); another answer of the server's is `unknown`. A connection, and an answer, are waited
    for `wait_s`, where the host has no say in that.

    Of the GSM generation: `colon_blank` is the blank behind the colon, as in `+QFTPCFG: 0`, and
    `get_ok` the OK behind the result of AT+QFTPGET. `unopened_path`: what AT+QFTPPATH does before
    there is a session.

    Of LTE modules: with `stuck_after_data_open` a session is of no use any more, but for being
    closed, once a data connection has not come about.
    """

    results: dict[FtpWord, Annotated[int, Meta(ge=-999, le=9999)]]
    replies: dict[Digits, Annotated[int, Meta(ge=-999, le=9999)]]
    wait_s: Annotated[int, Meta(ge=1, le=600)] = 90
    colon_blank: bool = True
    get_ok: bool = True
    unopened_path: UnopenedPath = "kept"
    stuck_after_data_open: bool = False


class Wireless(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A Wi-Fi and Bluetooth LE device: its addresses, and the name it has over Bluetooth."""

    mac: Mac
    ble_address: Mac
    ble_name: Annotated[str, Meta(pattern=r"^[ -~]{1,25}\Z", description="1 to 25 characters")]


class Ble(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bluetooth LE.

    The radio: a connection event carries `packets_per_event` packets of `packet_bytes` (27, or up
    to 251 with the data length extension) each way; a wish is on the air after `air_us`; where the
    device is the peripheral its central decides how fast the connection is.

    The device holds `queue_pieces` of data that are not acknowledged yet, `host_pieces` of received
    data for the host in command mode (more are lost) and `host_bytes` in transparent mode (then it
    holds the other side back), where a packet ends when the host has paused for `gather_ms`.
    Without an answer a connection that the host wants is given up after `join_ms`, unless it says
    otherwise. Connected as a central it asks for its MTU by itself (`asks_mtu`).

    What the host reads: +QBLERECV with a UUID in quotes (`recv_quotes`) and a line end before the
    data (`recv_line`), or the data alone (without `recv_head`); +QBLEINFO with the handles of
    characteristics (`info_handles`); +QBLESCAN with quotes (`scan_quotes`) for each advertisement,
    or once for each address (without `scan_repeats`); `hex_counts` is what <hex_length> counts, and
    `unordered` what a command answers that comes before those which have to come first.
    """

    packets_per_event: Annotated[int, Meta(ge=1, le=32)]
    packet_bytes: Annotated[int, Meta(ge=27, le=251)]
    air_us: Annotated[int, Meta(ge=1, le=1_000_000)]
    queue_pieces: Annotated[int, Meta(ge=1, le=64)]
    host_pieces: Annotated[int, Meta(ge=1, le=64)]
    host_bytes: Annotated[int, Meta(ge=512, le=1 << 16)]
    gather_ms: Annotated[int, Meta(ge=1, le=1000)]
    join_ms: Annotated[int, Meta(ge=1000, le=60_000)]
    recv_head: bool
    recv_quotes: bool
    recv_line: bool
    info_handles: bool
    scan_quotes: bool
    scan_repeats: bool
    asks_mtu: bool
    hex_counts: BleHexCounts
    unordered: OkOrError


class Wifi(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The Wi-Fi of a device, and how long it takes for what.

    `words`: what the Wi-Fi commands and codes say is in quotes, with a blank behind the colon, or
    is bare, without one; then AT+QGETIP names its addresses, too.

    The station: `scan_ms` to look for its access point, `join_ms` from the command, or the start,
    until it has joined it, `dhcp_ms` from then until it has an address. It tries again `retry_ms`
    after it has found none, or was not let in; one that it has lost it joins again by itself where
    it `reconnects`. +QSTASTAT says `lost_event` of an end that the host has not asked for,
    `left_event` of one that it has, and `refused_event` where the key is another (each may be
    empty: nothing); `station_blank`: there is a blank behind its colon. AT+QSTAAPINFODEF saves the
    access point at once, or when it has joined it (`save_when`); with `forget_leaves`
    AT+QSTAAPINFORMV also leaves it. `station_up`: from when on AT+QSTAST says STATION_UP.
    `dhcp_sets_dns`: the name servers of AT+QIDNSCFG give way to those of the network.

    Queries: `unjoined` is what AT+QGETWIFISTATE answers without an access point, `unaddressed` what
    AT+QGETIP does without an address. AT+QWSCAN takes `list_ms`, quotes what `list_quotes` says,
    and adds `list_rssi_offset` to the dBm.

    Its own access point: AT+QSOFTAP takes `ap_key_ms` with a key and `ap_open_ms` without, then
    says AP_UP behind its OK, or before it (`ap_event_first`). It has `ap_address`, unless
    AT+QAPSTATIC says otherwise, and takes `ap_clients` at once, each in `ap_client_ms`.
    AT+QSOFTAPSTOP without one answers `ap_stop_none`.

    AT+QSCLK: where `sleep_drops`, a device that sleeps is out of its Wi-Fi, and joins again when it
    is woken; `keepalive_needs_ip`: mode 1 is refused without an address.

    What is provisioned from outside is saved (`provision_saves`); the page of AT+QWEBCFG is only
    there with the device's own access point (`web_needs_ap`).
    """

    words: WifiWords
    scan_ms: Milliseconds
    join_ms: Milliseconds
    dhcp_ms: Milliseconds
    retry_ms: Annotated[int, Meta(ge=100, le=600_000)]
    reconnects: bool
    lost_event: AnyLine
    left_event: AnyLine
    refused_event: AnyLine
    station_blank: bool
    save_when: SaveWhen
    forget_leaves: bool
    station_up: StationUp
    dhcp_sets_dns: bool
    unjoined: OkOrError
    unaddressed: ZerosOrError
    list_ms: Milliseconds
    list_quotes: ListQuotes
    list_rssi_offset: Annotated[int, Meta(ge=-100, le=200)]
    ap_key_ms: Milliseconds
    ap_open_ms: Milliseconds
    ap_event_first: bool
    ap_stop_none: OkOrError
    ap_address: Address
    ap_clients: Annotated[int, Meta(ge=1, le=16)]
    ap_client_ms: Milliseconds
    sleep_drops: bool
    keepalive_needs_ip: bool
    provision_saves: bool
    web_needs_ap: bool


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One device. `provenance` has one entry for every leaf that the file has, and no other.

    A part that is None is one that the device does not have. A value that it has no use for may be
    left out (`quecsim.profiles.rules` says which commands need which), and has no provenance then.
    The `replies` are canned, and say by themselves where they are from.
    """

    name: Line
    title: Line
    identity: Identity
    commands: Commands
    uart: Uart
    autobaud: Autobaud | None = None
    usb: Usb | None = None
    at: At
    errors: Errors
    escape: Escape
    boot: Boot
    files: Files
    flash: Flash
    radio: Radio | None = None
    tcpip: TcpIp | None = None
    link: Link | None = None
    sockets: Sockets | None = None
    tls: Tls | None = None
    mqtt: Mqtt | None = None
    http: Http | None = None
    questions: Questions | None = None
    fota: Fota | None = None
    secure: Secure | None = None
    certificates: Certificates | None = None
    ftp: Ftp | None = None
    wireless: Wireless | None = None
    ble: Ble | None = None
    wifi: Wifi | None = None
    replies: tuple[Reply, ...] = field(default=(), name="reply")
    provenance: dict[str, Provenance]
