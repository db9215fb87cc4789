"""What must hold between the values of a profile: each rule is one row of a table."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import get_args

from quecsim.date import is_date
from quecsim.profiles.schema import ErrorCause, Profile, TcpipCause

Key = tuple[str, str]  # part and key: ("uart", "baud")
_SOCKETS = ("sockets", "socket_settings", "tls", "tls_lte", "tls_slots")
_NEEDED_PARTS = {
    "subscriber": "radio",
    "network": "radio",
    "clock": "radio",
    "signal": "radio",
    "selection": "radio",
    "indicators": "radio",
    "packet_domain": "tcpip",
    "sim": "radio",
    "supplementary": "radio",
    "messages": "radio",
    "fota_v1_0": "fota",
    "fota_v1_1": "fota",
    "fota_unisoc": "fota",
    "packet": "tcpip",
    "packet_gsm": "tcpip",
    "sockets": "tcpip",
    "tls": "tls",
    "tls_lte": "tls",
    "tls_slots": "certificates",
    "mqtt": "mqtt",
    "mqtt_lte": "tcpip",
    "http_lte": "http",
    "ftp_lte": "ftp",
    "secure": "secure",
    "tls_gsm": "secure",
    "ftp": "ftp",
    "wlan": "wifi",
    "http_settings": "http",
    "questions_wlan": "questions",
    "questions_lte": "questions",
    "wlan_settings": "wifi",
    "wlan_station": "wifi",
    "wlan_ap": "wifi",
    "wlan_provision": "wifi",
    "wlan_upgrade": "fota",
    "ble_settings": "wireless",
    "ble_peripheral": "ble",
    "ble_peripheral_bare": "ble",
    "ble_central": "ble",
    "ble_central_bare": "ble",
    "ble_transparent": "ble",
}
_FILE_SYSTEM_BLOCKS = 8  # what littlefs wants for itself, and for the pointers of a long file
_LARGEST_FLASH_BYTES = 1 << 28  # the largest serial NOR flash; an image of it is held in memory


_OF_DOWNLOADS = (
    "fota.protocol_mode",
    "fota.download_number",
    "fota.start_ms",
    "fota.idle_ms",
    "fota.network_ms",
    "fota.http_end",
    "fota.wait_s",
)

# What may be left out by a device that has none of the commands that make use of it.
_NEEDED_VALUES = {
    "socket_settings": ("errors.tcpip",),
    "sockets": ("errors.tcpip", "tcpip.implicit_activation"),
    "questions_wlan": ("errors.tcpip",),
    "questions_lte": ("errors.tcpip", "tcpip.implicit_activation"),
    "http_lte": ("tcpip.content_type", "tcpip.implicit_activation"),
    "mqtt_lte": ("tcpip.mqtt_ssl_lasts", "tcpip.implicit_activation", "mqtt.ex_result"),
    "line": ("uart.rts_off_bytes", "uart.rts_on_bytes", "uart.flow_scope", "uart.tx_drop_ms"),
    "power": ("boot.power_off_ms",),
    "fota_v1_0": _OF_DOWNLOADS,
    "fota_v1_1": _OF_DOWNLOADS,
    "fota_unisoc": (*_OF_DOWNLOADS, "fota.paths", "fota.missing_package", "fota.path_error"),
    "wlan_upgrade": (
        "fota.start_ms",
        "fota.wait_s",
        "fota.tells_steps",
        "fota.cut_breaks",
        "fota.ota_schemes",
        "fota.ota_progress",
        "fota.ota_offline",
    ),
    "subscriber": ("identity.edition",),
    "clock": ("radio.network_time",),
    "signal": (
        "radio.band",
        "radio.channel",
        "radio.level_dbm",
        "radio.quality_db",
        "radio.sinr_db",
        "radio.sinr_fifths",
        "radio.lte_words",
    ),
    "selection": ("radio.systems",),
    "indicators": ("radio.battery_percent", "radio.battery_mv"),
    "packet_domain": ("radio.apn", "radio.pdp_types"),
    "supplementary": ("radio.number", "radio.ussd_reply", "radio.ussd_ms"),
    "messages": ("radio.service_centre", "radio.message_slots", "radio.message_ms"),
    "upload": (
        "files.ack_block_bytes",
        "files.upload_timeout",
        "files.ack_framing",
        "files.ack_when",
        "files.ack_final_full_block",
        "files.existing_file",
        "files.no_room",
        "files.no_room_error",
        "files.checksum_padded",
    ),
    "secure": ("files.checksum_padded",),
    "ftp": (
        "ftp.wait_s",
        "ftp.colon_blank",
        "ftp.get_ok",
        "ftp.unopened_path",
        "tls.keeps_good_blocks",
    ),
    "ftp_lte": ("ftp.stuck_after_data_open",),
}


_OF_CONTEXTS = {"context_failed", "context_broken"}  # which Wi-Fi devices do not have
_HTTP_FAMILIES = {"http_lte", "http_settings"}
_TCPIP_FAMILIES = {"questions_lte", "questions_wlan", "sockets", "socket_settings"}


def _numbers_http(profile: Profile) -> bool:
    causes = {cause for cause in get_args(ErrorCause) if cause.startswith("http_")}
    is_needed = not _HTTP_FAMILIES.isdisjoint(profile.commands.families)
    return not is_needed or causes <= set(profile.errors.numbers)


def _numbers_tcpip(profile: Profile) -> bool:
    causes = set(get_args(TcpipCause)) - (_OF_CONTEXTS if profile.tcpip is None else set())
    is_needed = not _TCPIP_FAMILIES.isdisjoint(profile.commands.families)
    return not is_needed or causes <= set(profile.errors.tcpip)


def _has_part(family: str, part: str, profile: Profile) -> bool:
    return family not in profile.commands.families or getattr(profile, part) is not None


# (the value to point at, and the others that it depends on; what holds; what to say otherwise)
Rule = tuple[str, Callable[[Profile], bool], str]

RULES: tuple[Rule, ...] = (
    (
        "errors.numbers",
        _numbers_http,
        "HTTP commands need a number for every cause that begins with http_",
    ),
    (
        "errors.tcpip",
        _numbers_tcpip,
        "commands of TCP/IP need a number for every cause",
    ),
    (
        "radio.imei",
        lambda p: p.radio is None or luhn_valid(p.radio.imei),
        "the last digit of the IMEI must be its Luhn check digit",
    ),
    (
        "radio.network_time",
        lambda p: p.radio is None or is_date(p.radio.network_time),
        "there is no such date",
    ),
    (
        "uart.baud uart.bauds",
        lambda p: p.uart.baud in p.uart.bauds,
        "baud must be one of uart.bauds",
    ),
    (
        "uart.frame uart.frames",
        lambda p: p.uart.frame in p.uart.frames,
        "frame must be one of uart.frames",
    ),
    (
        "uart.ifc_default uart.ifc_values",
        lambda p: set(p.uart.ifc_default) <= set(p.uart.ifc_values),
        "ifc_default must be made of uart.ifc_values",
    ),
    (
        "uart.rts_off_bytes uart.rx_ring_bytes",
        lambda p: p.uart.rts_off_bytes <= p.uart.rx_ring_bytes,
        "rts_off_bytes must not be above rx_ring_bytes: that level is never reached",
    ),
    (
        "uart.rts_on_bytes uart.rts_off_bytes",
        lambda p: p.uart.rts_on_bytes < p.uart.rts_off_bytes,
        "rts_on_bytes must be below rts_off_bytes: the line is let go at a lower level",
    ),
    (
        "usb.rx_ring_bytes usb.packet_bytes",
        lambda p: p.usb is None or p.usb.packet_bytes <= p.usb.rx_ring_bytes,
        "rx_ring_bytes must hold at least one packet (usb.packet_bytes)",
    ),
    (
        "files.default_timeout_s files.timeout_min_s files.timeout_max_s",
        lambda p: p.files.timeout_min_s <= p.files.default_timeout_s <= p.files.timeout_max_s,
        "default_timeout_s must be between timeout_min_s and timeout_max_s",
    ),
    (
        "files.storages",
        lambda p: p.files.storages[0] == "UFS",
        "UFS must be the first of the storages: names without a prefix are there",
    ),
    (
        "files.ram_bytes files.storages",
        lambda p: ("RAM" in p.files.storages) == (p.files.ram_bytes > 0),
        "ram_bytes must be above 0 where RAM is one of the storages, and 0 elsewhere",
    ),
    (
        "files.ufs_bytes files.block_bytes files.block_count",
        lambda p: (
            p.files.ufs_bytes % p.files.block_bytes == 0
            and p.files.ufs_bytes
            <= p.files.block_bytes * max(0, p.files.block_count - _FILE_SYSTEM_BLOCKS)
        ),
        "ufs_bytes must be whole blocks, and leave room on the flash for the file system itself",
    ),
    *(
        (
            "commands.families",
            partial(_has_part, family, part),
            f"the family {family} needs the part [{part}]",
        )
        for family, part in (
            *_NEEDED_PARTS.items(),
            *((each, "sockets") for each in _SOCKETS),
            ("ble_settings", "ble"),
        )
    ),
    (
        "secure.slots",
        lambda p: p.secure is None or len(set(p.secure.slots)) == len(p.secure.slots),
        "slots must not have the same name twice",
    ),
    (
        "secure.default_timeout_s secure.timeout_min_s secure.timeout_max_s",
        lambda p: (
            p.secure is None
            or p.secure.timeout_min_s <= p.secure.default_timeout_s <= p.secure.timeout_max_s
        ),
        "default_timeout_s must be between timeout_min_s and timeout_max_s",
    ),
    (
        "secure.ram_bytes secure.ram_max_bytes",
        lambda p: p.secure is None or p.secure.ram_bytes >= p.secure.ram_max_bytes,
        "ram_bytes must hold one certificate of ram_max_bytes",
    ),
    (
        "files.cache_bytes flash.page_bytes files.block_bytes",
        lambda p: (
            p.files.cache_bytes % p.flash.page_bytes == 0
            and p.files.block_bytes % p.files.cache_bytes == 0
        ),
        "cache_bytes must be whole flash pages, and go into files.block_bytes evenly",
    ),
    (
        "files.block_count files.block_bytes",
        lambda p: p.files.block_bytes * p.files.block_count <= _LARGEST_FLASH_BYTES,
        f"block_count times block_bytes must not be above {_LARGEST_FLASH_BYTES} bytes",
    ),
    (
        "flash.page_bytes",
        lambda p: p.flash.page_bytes.bit_count() == 1,
        "page_bytes must be a power of two",
    ),
    (
        "flash.program_page_max_us flash.program_page_typ_us",
        lambda p: p.flash.program_page_typ_us <= p.flash.program_page_max_us,
        "program_page_max_us must not be below program_page_typ_us",
    ),
    (
        "flash.erase_block_max_ms flash.erase_block_typ_ms",
        lambda p: p.flash.erase_block_typ_ms <= p.flash.erase_block_max_ms,
        "erase_block_max_ms must not be below erase_block_typ_ms",
    ),
)


def broken_rules(profile: Profile) -> Iterator[tuple[list[Key], str, str]]:
    """(keys, message, hint) for each rule that the profile breaks; the first key is the rule's."""
    for names, holds, message in RULES:
        if not holds(profile):
            keys = [_key(name) for name in names.split()]
            told = (f"{part}.{key} is {_value(profile, part, key)}" for part, key in keys)
            yield keys, message, f"{', '.join(told)}."


def missing_values(profile: Profile) -> Iterator[tuple[Key, str, str]]:
    """(key, message, hint) for each value that is left out and has its use."""
    for family in profile.commands.families:
        for name in _NEEDED_VALUES.get(family, ()):
            if name not in profile.provenance:
                hint = f"The commands of the family {family} need it."
                yield _key(name), f"{name} is missing", hint


def _key(name: str) -> Key:
    part, _, key = name.partition(".")
    return part, key


def _value(profile: Profile, part: str, key: str) -> object:
    return getattr(getattr(profile, part), key)


def luhn_valid(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of those before it (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        weighted = int(digit) * (1 + place % 2)
        total += weighted - 9 if weighted > 9 else weighted
    return total % 10 == 0
