"""`quecsim upload`: a file into the device, through any serial port, the right way or a wrong one.

Four commands of the devices can carry it: `--via`. The result goes to standard output, one line or
`--json`; all else to standard error. Exit code 0: verified. 1: the upload fell short, or the
connection after it (`upload_connect`) failed. 2: the user's mistake. 130: Ctrl-C.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quecsim.cli import screen, upload_connect
from quecsim.cli.values import milliseconds, rate, seconds, size
from quecsim.cli.words import Command, OldOption, option
from quecsim.errors import QuecsimError
from quecsim.files import read_file

if TYPE_CHECKING:
    from quecsim.host.connect_plan import ConnectResult
    from quecsim.host.data_phase import Progress
    from quecsim.host.plan import UploadPlan, UploadResult, Via

FELL_SHORT = 1
USER_MISTAKE = 2
INTERRUPTED = 130
WAYS = ("qfupl", "qfwrite", "qsecwrite", "qfotadl", "qfotadl-path")
MISTAKES = ("no_wait_connect", "ignore_ack", "println", "no_delete", "no_verify")


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--port", required=True, metavar="PORT", help="Serial port, pty, or URL (rfc2217://...)."
)
@click.option(
    "--via",
    type=click.Choice(WAYS),
    default="qfupl",
    show_default=True,
    help="The command that carries FILE: qfupl and qfwrite store a file, qsecwrite a certificate "
    "or key, qfotadl upgrades the firmware with a package, qfotadl-path stores it as a file first.",
)
@click.option(
    "--name",
    metavar="NAME",
    help="Name on the module.  [default: UFS:<name of FILE>; qfwrite: <name of FILE>; "
    "qsecwrite: RAM:<name of FILE>]",
)
@click.option("--ack", is_flag=True, help="qfupl: ACK mode, wait for an `A` after each block.")
@option(
    "--ack-block",
    type=size(1, 1 << 20),
    envvar="QUECSIM_ACK_BLOCK",
    help="Size of a block.  [default: 1024, or what the module turns out to have]",
)
@option(
    "--flow",
    type=click.Choice(["none", "rtscts"]),
    default="none",
    show_default=True,
    help="Flow control on both ends; rtscts: CRTSCTS here, AT+IFC=2,2 there.",
)
@click.option("--rtscts", cls=OldOption, new="--flow", means="rtscts", is_flag=True)
@option("--chunk", type=size(1, 1 << 20), default=1024, show_default=True, help="Size of a write.")
@option(
    "--gap", type=milliseconds(0, 60_000), default=0, help="Time between two writes, whole ms.  [0]"
)
@option(
    "--baud",
    type=rate(1, 4_000_000),
    default=115_200,
    show_default=True,
    help="The rate of the port.",
)
@option(
    "--timeout",
    type=seconds("1", "65535", unit="s"),
    help="The silence after which the module gives up, in whole seconds; we wait a little longer.  "
    "[default: 5s; qsecwrite: 100s]",
)
@click.option("--keep", is_flag=True, help="Leave an existing file alone, and say so.")
@click.option("--no-readback", is_flag=True, help="qfwrite: do not read the file back.")
@click.option(
    "--upgrade-mode",
    type=click.IntRange(0, 1),
    help="qfotadl: 0 reboots before the upgrade, 1 does not.",
)
@click.option(
    "--download-urcs",
    type=click.IntRange(0, 100),
    help="qfotadl: so many DOWNLOADING messages, 0 or 5-100.",
)
@click.option(
    "--update-urcs",
    type=click.IntRange(0, 100),
    help="qfotadl: so many UPDATING messages, 0 or 5-100.",
)
@click.option("--json", "as_json", is_flag=True, help="The result as JSON on standard output.")
@option(
    "--declare",
    old="--size",
    type=size(1, (1 << 31) - 1),
    help="MISTAKE: declare this size. Too small: the rest is taken for commands. Too large: the "
    "module waits for more, and stores your next commands in the file.",
)
@click.option(
    "--no-wait-connect",
    is_flag=True,
    help="MISTAKE: data right behind the command. Not all firmware keeps what precedes CONNECT "
    "(qfotadl: FILESTART).",
)
@click.option(
    "--ignore-ack",
    is_flag=True,
    help="MISTAKE: ACK mode, but stream on. The module's buffer overflows as without it.",
)
@click.option(
    "--println",
    is_flag=True,
    help="MISTAKE: end each line with CR LF, as println() does. The file is changed, and its end "
    "does not fit into the declared size.",
)
@click.option(
    "--no-delete",
    is_flag=True,
    help="MISTAKE: no AT+QFDEL first (qsecwrite: AT+QSECDEL). An existing file makes the module "
    "refuse (407; 4012).",
)
@click.option(
    "--no-verify",
    is_flag=True,
    help="MISTAKE: believe that all is well once the last byte is sent. Exit code 0 then means "
    "`sent`, not `stored`.",
)
@upload_connect.connect_options
@screen.quiet_option
@click.pass_context
def upload(ctx: click.Context, /, file: Path, **options: Any) -> None:
    """Upload FILE to a module with AT+QFUPL or another command, then compare what it stored.

    Works on a real module as on a simulated one. Without options it does all that a host can do
    without flow control; --ack or --flow rtscts make it safe, and so does --chunk 32 --gap 10 where
    neither is to be had. The options marked MISTAKE do what programs often get wrong.

    With --then-connect the module goes on to an MQTT broker, over TLS with FILE as the CA
    certificate; the options behind it are about that alone.
    """
    try:
        ctx.exit(_upload(file, options))
    except QuecsimError as error:
        screen.message(f"{error}", "upload")
        ctx.exit(USER_MISTAKE)
    except KeyboardInterrupt as stop:
        state = str(stop) or "the module may still be in data mode, and takes commands for data"
        screen.message(f"stopped; {state}", "upload")
        ctx.exit(INTERRUPTED)


def _upload(file: Path, options: dict[str, Any]) -> int:
    """Do it, report it; the exit code."""
    # pyserial is loaded only by those who upload
    from quecsim.host import port as ports
    from quecsim.host.uploader import upload as run

    plan = _plan(file, options)
    then = upload_connect.connect_plan(options, plan)
    connected = None
    port = ports.open_port(
        options["port"], baud=options["baud"], rtscts=plan.rtscts, timeout_s=plan.idle_s
    )
    try:
        where = f"{options['port']} at {options['baud']} baud"
        target = "" if plan.via == "qfotadl" else f"to {plan.name} "
        screen.aside(f"{file.name}, {len(plan.data)} bytes, {target}on {where}")
        with _progress_bars(len(plan.payload())) as (progress, updated):
            result = run(port, plan, progress, updated=updated)
        for note in result.notes:
            screen.aside(f"note: {note}")
        if not options["as_json"]:
            click.echo(_as_line(result))
        if result.explanation:
            screen.aside(f"what happened: {result.explanation}")
        if then is not None:
            connected = upload_connect.connect(port, then, result)
    finally:
        port.close()
    if options["as_json"]:
        click.echo(_as_json(result, connected))
    elif connected is not None:
        click.echo(upload_connect.as_line(connected))
    return 0 if _is_well(result, connected) else FELL_SHORT


def _plan(file: Path, options: dict[str, Any]) -> "UploadPlan":
    """The plan that the options describe, with the file read."""
    from quecsim.host.plan import FotaOptions, Mistake, UploadPlan, Via

    via = Via(options["via"])
    return UploadPlan(
        name=_name(file, via, options["name"]),
        data=_read(file),
        via=via,
        ack=options["ack"] or options["ignore_ack"],
        rtscts=options["flow"] == "rtscts",
        keep=options["keep"],
        chunk_bytes=options["chunk"],
        gap_ms=options["gap"],
        timeout_s=options["timeout"],
        declared_bytes=options["declare"],
        mistakes=frozenset(Mistake[name.upper()] for name in MISTAKES if options[name]),
        readback=not options["no_readback"],
        ack_block_bytes=options["ack_block"],
        fota=FotaOptions(options["upgrade_mode"], options["download_urcs"], options["update_urcs"]),
    )


def _name(file: Path, via: "Via", name: str | None) -> str:
    """The name on the module: as given, or the file's own in the storage that is usual."""
    if name is None:
        return ("UFS:" if via.stores_file else {"qsecwrite": "RAM:"}.get(via, "")) + file.name
    if via == "qfotadl":
        hint = "leave --name out: a package has a length, and no name"
        raise QuecsimError("--name makes no sense with --via qfotadl", hint=hint)
    return name


def _read(file: Path) -> bytes:
    """The file's bytes, or the user's mistake."""
    try:
        data = read_file(file)
    except OSError as error:
        raise QuecsimError(
            f"cannot read {file}: {error.strerror}", hint="give the path of the file to upload"
        ) from error
    if not data:
        raise QuecsimError(f"{file} is empty", hint="a file to upload has at least 1 byte")
    return data


@contextmanager
def _progress_bars(total_bytes: int) -> Iterator[tuple["Progress | None", "Progress | None"]]:
    """Callbacks for bytes sent and steps of an update, drawn on standard error if a terminal."""
    if screen.is_quiet() or not sys.stderr.isatty():
        yield None, None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TransferSpeedColumn,
    )

    console = Console(stderr=True)
    upload = Progress(BarColumn(), DownloadColumn(), TransferSpeedColumn(), console=console)
    update = Progress(TextColumn("update"), BarColumn(), MofNCompleteColumn(), console=console)
    sending, updating = upload.add_task("upload", total=total_bytes), update.add_task("update")

    def updated(done: int, total: int) -> None:
        upload.stop()  # a terminal shows one at a time
        update.start()
        update.update(updating, completed=done, total=total)

    with upload:
        yield lambda sent, _total: upload.update(sending, completed=sent), updated
    update.stop()


def _as_line(result: "UploadResult") -> str:
    """The result in one line for people."""
    if result.problems:
        return f"{result.name}: failed: {'; '.join(result.problems)}"
    if result.upgrade_error == 0:
        was, now = result.revision_before or "?", result.revision_after or "?"
        return f"{result.name}: {result.file_bytes} bytes, upgraded from {was} to {now}"
    if not result.verified:
        compared = ", only the size was compared" if result.listed_bytes is not None else ""
        return f"{result.name}: {result.sent_bytes} bytes sent, not verified{compared}"
    is_read_back = result.same_bytes is not None
    proof = "read back" if is_read_back else f"checksum {result.file_checksum}"
    how = "verified, replaced the old file" if result.replaced else "verified"
    return f"{result.name}: {result.file_bytes} bytes, {proof}, {how}"


def _as_json(result: "UploadResult", connected: "ConnectResult | None") -> str:
    """The result as one JSON object: `ok`, the fields of UploadResult, and those of `connect`."""
    from dataclasses import asdict

    connection = upload_connect.as_fields(connected)
    is_well = _is_well(result, connected)
    return json.dumps({"ok": is_well, **asdict(result), "connect": connection}, indent=2)


def _is_well(result: "UploadResult", connected: "ConnectResult | None") -> bool:
    """Whether nothing failed, of all that was tried."""
    return result.ok and (connected is None or connected.ok)
