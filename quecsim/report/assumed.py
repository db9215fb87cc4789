"""Which values of the profile are only assumed, among those that the result leaned on."""

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter

from msgspec.structs import replace

from quecsim.flash.labels import MEMORY
from quecsim.profiles.schema import Profile
from quecsim.report.codes import REQUESTS
from quecsim.report.connection import Outcome
from quecsim.report.model import Report, Upgrade, Upload, Verdict
from quecsim.trace.kinds import CERTIFICATE_UPLOAD, FILE_UPLOADS, PACKAGE_UPLOAD, SLOT_UPLOAD

_HTTP = tuple(command for command in REQUESTS if command.startswith("+QHTTP"))


def assumed_values(report: Report, profile: Profile) -> Report:
    """`report` with its list of assumed values; empty where no upload and no loss leans on any, as
    of a real device, whose own values are not known.
    """
    if report.origin.heard_from:
        return report
    lines = [
        f"{name} = {_as_written(attrgetter(name)(profile), report)}: "
        f"{profile.provenance[name].source}"
        for name in _leaned_on(report)
        if name in profile.provenance and profile.provenance[name].how == "assumed"
    ]
    return replace(report, assumed=lines)


def _as_written(value: object, report: Report) -> str:
    """As a profile has it: true, and not True; of a table by reasons those that were met."""
    if isinstance(value, Mapping):
        failed = (c for c in report.network.connections if c.outcome is Outcome.FAILED)
        met = {each.why for each in failed}
        return ", ".join(f"{told} ({why})" for why, told in value.items() if why in met)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _leaned_on(report: Report) -> Iterator[str]:
    for applies, names in _LEANS:
        if applies(report):
            yield from names


def _any_upload(test: Callable[[Upload], object]) -> Callable[[Report], bool]:
    return lambda report: any(test(upload) for upload in report.uploads)


def _any_loss(cause: str) -> Callable[[Report], bool]:
    return lambda report: cause in report.counters.lost_by_cause


def _is_flash(*modes: str) -> Callable[[Report], bool]:
    return lambda report: bool(report.flash.busy_ns) and report.settings.get("flash") in modes


def _used_ring(port: str) -> Callable[[Report], bool]:
    def test(report: Report) -> bool:
        is_used = _any_loss("ring")(report) or any(u.ring_peak_bytes for u in report.uploads)
        return is_used and report.port == port

    return test


def _refused(command: str) -> Callable[[Upload], bool]:
    return lambda u: u.verdict is Verdict.REFUSED and u.command == command


def _timed_out(*commands: str) -> Callable[[Upload], bool]:
    return lambda u: u.ended == "idle" and u.command in commands


def _has_no_room_in_memory(upload: Upload) -> bool:
    """A certificate for RAM: that was refused for want of room."""
    is_of_memory = upload.name.startswith(f"{MEMORY}:")
    is_refused = _refused(CERTIFICATE_UPLOAD)(upload)
    return is_of_memory and is_refused and upload.cause == "no_space"


def _is_torn(upload: Upload) -> bool:
    """The power went while the upgrade ran: when it did depends on how long that takes."""
    return upload.upgrade in (Upgrade.STOPPED, Upgrade.BROKEN, Upgrade.RESTORED)


def _is_told(report: Report, *commands: str, why: str = "") -> bool:
    """A connection failed, for that reason, and the host was told by one of those commands."""
    failed = (c for c in report.network.connections if c.outcome is Outcome.FAILED)
    return any(each.command in commands and why in ("", each.why) for each in failed)


def _has_no_name(report: Report) -> bool:
    """An HTTP request was for a name without an address."""
    return any(_is_told(report, *_HTTP, why=why) for why in ("dns", "not-allowed"))


def _ftp_timed_out(report: Report) -> bool:
    """A command of FTP has waited in vain."""
    troubles = report.network.troubles
    return any(each.command.startswith("+QFTP") and each.why == "timeout" for each in troubles)


def _has_failed(report: Report, why: str) -> bool:
    return any(each.why == why for each in report.network.connections)


def _takes_blocks(upload: Upload) -> bool:
    """What arrives is stored block by block, not in one go at the end."""
    return upload.stored > 0 and not upload.ack and upload.command != CERTIFICATE_UPLOAD


# What a result leans on -> the values behind it.
_LEANS: tuple[tuple[Callable[[Report], bool], tuple[str, ...]], ...] = (
    (_used_ring("uart"), ("uart.rx_ring_bytes",)),
    (_used_ring("usb"), ("usb.rx_ring_bytes", "usb.packet_us")),
    (lambda report: report.held_ns > 0, ("uart.rts_off_bytes", "uart.rts_on_bytes")),
    (_any_loss("reopen"), ("uart.reopen_ms",)),
    (_any_loss("off"), ("boot.ready_ms", "boot.restart_ms", "boot.power_off_ms")),
    (_any_upload(_takes_blocks), ("files.data_buffer_bytes",)),
    (_any_upload(lambda u: u.ack), ("files.ack_block_bytes", "files.ack_when")),
    (_any_upload(lambda u: u.ack), ("files.ack_framing", "files.ack_final_full_block")),
    (_any_upload(lambda u: u.stored), ("files.block_bytes", "files.cache_bytes")),
    (_is_flash("typical", "drawn"), ("flash.program_page_typ_us", "flash.erase_block_typ_ms")),
    (_is_flash("worst", "drawn"), ("flash.program_page_max_us", "flash.erase_block_max_ms")),
    (_any_upload(lambda u: u.early.count), ("files.early_bytes", "at.command_latency_us")),
    (_any_upload(lambda u: u.stray and u.ended), ("files.surplus",)),
    (_any_upload(_timed_out(*FILE_UPLOADS)), ("files.upload_timer",)),
    (_any_upload(_timed_out("+QFUPL")), ("files.upload_timeout",)),
    (_any_upload(_timed_out("+QFWRITE")), ("files.write_timeout",)),
    (_any_upload(_timed_out(PACKAGE_UPLOAD)), ("fota.idle_ms",)),
    (_any_upload(_is_torn), ("fota.begin_ms", "fota.update_ms")),
    (_any_upload(_timed_out(CERTIFICATE_UPLOAD)), ("secure.write_timeout",)),
    (_any_upload(lambda u: u.command == SLOT_UPLOAD), ("certificates.asks_by",)),
    (_any_upload(_timed_out(SLOT_UPLOAD)), ("certificates.timeout_s",)),
    (_any_upload(_has_no_room_in_memory), ("secure.ram_bytes",)),
    (
        _any_upload(_refused("+QFUPL")),
        ("files.existing_file", "files.no_room", "files.no_room_error"),
    ),
    (lambda report: _is_told(report, "+QMTOPEN"), ("mqtt.open_results",)),
    (lambda report: _is_told(report, "+QIOPEN", "+QSSLOPEN"), ("sockets.open_causes",)),
    (lambda report: _is_told(report, "+QHTTPGET", "+QHTTPGETEX"), ("http.get_failure",)),
    (_has_no_name, ("http.dns_error",)),
    (_ftp_timed_out, ("ftp.wait_s",)),
    (lambda report: _has_failed(report, "tls:ca"), ("tls.keeps_good_blocks",)),
    (
        lambda report: any(each.lost for each in report.ble.sessions),
        ("ble.packets_per_event", "ble.packet_bytes", "ble.queue_pieces"),
    ),
    (lambda report: any(each.kind == "ble-host" for each in report.advice), ("ble.host_pieces",)),
)  # fmt: skip
