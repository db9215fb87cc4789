"""`quecsim ctl network requests`, `files`, `file`: what servers in process were asked and given."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from quecsim.cli import complete, screen
from quecsim.cli.ctl_client import as_json_option, asked, show, write_out
from quecsim.errors import printable
from quecsim.units import S

if TYPE_CHECKING:
    from quecsim.run.server_actions import RequestState

_service = click.option(
    "--service",
    metavar="HOST:PORT",
    shell_complete=complete.servers,
    help="The server that is meant.",
)


@click.command()
@_service
@as_json_option
def requests(service: str | None, as_json: bool) -> int:
    """What the scenario's own HTTP servers were asked and have answered, oldest first."""
    import msgspec

    with asked() as client:
        found = client.requests(service)
    if not found and not as_json:
        screen.message("nobody has asked anything yet")
    shown = msgspec.to_builtins(found) if as_json else found
    show(shown, as_json=as_json, text=lambda found: "\n".join(map(_request_text, found)))
    return 0


@click.command()
@_service
@as_json_option
def files(service: str | None, as_json: bool) -> int:
    """What was stored at the scenario's HTTP server, or what its FTP server has, with sizes."""
    with asked() as client:
        found = client.server_files(service)
    show(found, as_json=as_json, text=_file_table)
    return 0


@click.command("file")
@click.argument("path")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
              help="Write it there instead of standard output.")  # fmt: skip
@_service
def file_(path: str, output: Path | None, service: str | None) -> int:
    """The bytes of one of these files."""
    try:
        with asked() as client:
            data = client.read_server_file(path, service)
    except FileNotFoundError as error:
        screen.message(str(error))
        return 1
    write_out(data, output)
    return 0


COMMANDS = (requests, files, file_)


def _request_text(asked: "RequestState") -> str:
    from quecsim.run.network_view import place_text

    body = f", {asked.body_bytes} bytes" if asked.body_bytes else ""
    words = f"{asked.method} {asked.target}{body}" if asked.method else "no request"
    place = place_text(asked.host, asked.port)
    return printable(f"{asked.at_ns / S:.3f} s  {place}  {words}: {asked.status}")


def _file_table(files: dict[str, int]) -> str:
    shown = {printable(path): size for path, size in files.items()}
    width = max(map(len, shown), default=0)
    return "\n".join(f"{path:<{width}} {size:>8}" for path, size in shown.items())
