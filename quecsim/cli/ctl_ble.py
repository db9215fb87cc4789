"""`quecsim ctl ble`: act on the air of a running simulator as a phone would."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quecsim.cli import complete, screen
from quecsim.cli.ctl_client import as_json_option, asked, show, steered, write_out
from quecsim.cli.values import seconds
from quecsim.cli.words import Group, option
from quecsim.errors import QuecsimError, printable
from quecsim.units import S

if TYPE_CHECKING:
    from quecsim.peers.ble_view import BlePeerState
    from quecsim.run.ble_view import BleState

_MOST_RECEIVED = 20  # of the last; JSON has all of them
_MOST_DATA_BYTES = 32  # of each; `ctl ble read` has all of the last
_MOST_FILE_BYTES = 512  # that an attribute has room for

_name = click.option(
    "--name",
    metavar="NAME",
    shell_complete=complete.ble_peers,
    help="Who does it; left out: who is connected, or the only one there is.",
)
_hex = click.option("--hex", "is_hex", is_flag=True, help="TEXT is bytes, as pairs of hex digits.")
_file = click.option(
    "--file",
    "path",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The bytes of this file, in place of TEXT.",
)


@click.group(cls=Group, invoke_without_command=True)
@as_json_option
@click.pass_context
def ble(ctx: click.Context, as_json: bool) -> int:
    """Bluetooth LE: how the device stands, who is on the air, and what each has received."""
    if ctx.invoked_subcommand is not None:
        if as_json:
            raise QuecsimError("--json stands behind the command", hint="ctl ble list --json")
        return 0
    return _list(as_json=as_json)


@ble.command("list")
@as_json_option
def list_(as_json: bool) -> int:
    """How the device stands, who is on the air, and what each has received."""
    return _list(as_json=as_json)


def _list(*, as_json: bool) -> int:
    import msgspec

    with asked() as client:
        found = client.ble()
    show(msgspec.to_builtins(found) if as_json else found, as_json=as_json, text=_ble_text)
    return 0


@ble.command("connect")
@click.argument("name", required=False, shell_complete=complete.ble_peers)
@click.option("--mtu", type=click.IntRange(23, 517), help="Ask for an MTU of so many bytes.")
@option("--timeout", "timeout_ns", type=seconds("0", "1000000000"), default="30",
        help="How long to wait for the connection, in real time.")  # fmt: skip
@as_json_option
def connect(name: str | None, mtu: int | None, timeout_ns: int, as_json: bool) -> int:
    """Somebody (NAME) connects to the device when it advertises next; say who.

    Where nobody of that name is on the air, a phone comes that has it.
    """
    with steered() as client:
        since, timeout_s = client.next_number(), timeout_ns / S
        who = client.ble_connect(name, mtu)
        joined = client.wait("BleHeard", {"what": "joined"}, since=since, timeout_s=timeout_s)
    if joined is None:
        screen.message(f"{printable(who)} is not connected within {timeout_s:g} s")
        return 1
    return _show_name(who, as_json=as_json)


@ble.command("disconnect")
@click.argument("name", required=False, shell_complete=complete.ble_peers)
@as_json_option
def disconnect(name: str | None, as_json: bool) -> int:
    """He ends the connection; say who."""
    with steered() as client:
        who = client.ble_disconnect(name)
    return _show_name(who, as_json=as_json)


@ble.command("write")
@click.argument("uuid")
@click.argument("text", required=False)
@_hex
@_file
@click.option("--request", "is_request", is_flag=True, help="With an answer, where it is allowed.")
@_name
@as_json_option
def write(
    uuid: str, text: str | None, is_hex: bool, path: Path | None, is_request: bool,
    name: str | None, as_json: bool,
) -> int:  # fmt: skip
    """He writes TEXT to the device's characteristic UUID; say who."""
    data = _data(text, path, is_hex=is_hex)
    with steered() as client:
        who = client.ble_write(uuid, data, name=name, is_request=is_request)
    return _show_name(who, as_json=as_json)


@ble.command("read")
@click.argument("uuid")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
              help="Write it there instead of standard output.")  # fmt: skip
@_name
def read(uuid: str, output: Path | None, name: str | None) -> int:
    """The bytes that he has last received of the characteristic UUID; exit code 1: none."""
    with asked() as client:
        data = client.ble_read(uuid, name)
    if data is None:
        screen.message(f"nothing of {printable(uuid)} has come")
        return 1
    write_out(data, output)
    return 0


@ble.command("subscribe")
@click.argument("uuid")
@click.option("--off", is_flag=True, help="No more of them.")
@_name
@as_json_option
def subscribe(uuid: str, off: bool, name: str | None, as_json: bool) -> int:
    """He wants notifications of the device's characteristic UUID; say who."""
    with steered() as client:
        who = client.ble_subscribe(uuid, name=name, is_on=not off)
    return _show_name(who, as_json=as_json)


@ble.command("notify")
@click.argument("uuid")
@click.argument("text", required=False)
@_hex
@_file
@_name
@as_json_option
def notify(
    uuid: str, text: str | None, is_hex: bool, path: Path | None, name: str | None, as_json: bool
) -> int:
    """He notifies the device of his own characteristic UUID, with TEXT; say who."""
    data = _data(text, path, is_hex=is_hex)
    with steered() as client:
        who = client.ble_notify(uuid, data, name)
    return _show_name(who, as_json=as_json)


def _show_name(name: str, *, as_json: bool) -> int:
    show({"name": name}, as_json=as_json, text=lambda found: printable(found["name"]))
    return 0


def _data(text: str | None, path: Path | None, *, is_hex: bool) -> bytes:
    if (text is None) == (path is None) or (is_hex and path is not None):
        raise QuecsimError("what is to be sent?", hint="TEXT, TEXT --hex, or --file FILE")
    if path is not None:
        return _file_data(path)
    assert text is not None
    if not is_hex:
        return text.encode("utf-8", "surrogateescape")
    try:
        return bytes.fromhex(text)
    except ValueError:
        message = f"{text[:40]!r} is no row of hex digits"
        raise QuecsimError(message, hint="write for instance: 68656C6C6F") from None


def _file_data(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_FILE_BYTES + 1)
    except OSError as error:
        raise QuecsimError(f"cannot read {path}: {error.strerror}") from None
    if len(data) > _MOST_FILE_BYTES:
        raise QuecsimError(
            f"{path} is too long for one piece", hint=f"{_MOST_FILE_BYTES} bytes at most"
        )
    return data


# what people see


def _ble_text(found: "BleState") -> str:
    mtu = f", MTU {found.mtu}" if found.mtu else ""
    rows = [("device", f"{found.role}, {found.state}{mtu}")]
    for each in found.peers:
        rows.append((each.name, _peer_text(each)))
        rows += [("", _received_text(*piece)) for piece in each.received[-_MOST_RECEIVED:]]
    if not found.peers:
        rows.append(("air", "nobody"))
    shown = [(printable(name), printable(text)) for name, text in rows]
    width = max(len(name) for name, _ in shown)
    return "\n".join(f"{name:<{width}}  {text}" for name, text in shown)


def _peer_text(peer: "BlePeerState") -> str:
    stands = f"connected, MTU {peer.mtu}" if peer.is_connected else "not connected"
    return f"{peer.kind}, {peer.address}, {stands}"


def _received_text(at_ns: int, uuid: str, data: bytes) -> str:
    shown = data[:_MOST_DATA_BYTES]
    more = " ..." if len(data) > len(shown) else ""
    is_text = shown.isascii() and shown.decode().isprintable()
    words: Any = shown.decode() if is_text else shown.hex(" ")
    return f"{at_ns / S:.3f} s  {uuid}, {len(data)} bytes: {words}{more}"
