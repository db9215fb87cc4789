"""`--service`: a server in process, as a word."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import click

from quecsim.quantity import shown
from quecsim.scenario.network import Certificate

_SERVICE = re.compile(
    r"(?:([a-z]+)://)?(?:\[([^\]]*)\]|([^:=/]*))(?::([0-9]{1,6}))?/?(?:=(.+))?", re.ASCII
)

# scheme -> (kind, its port, whether it has TLS)
_SCHEMES: dict[str, tuple[str, int | None, bool]] = {
    "mqtt": ("mqtt", 1883, False),
    "mqtts": ("mqtt", 8883, True),
    "http": ("http", 80, False),
    "https": ("http", 443, True),
    "ftp": ("ftp", 21, False),
    "ftps": ("ftp", 990, True),
    "ntp": ("ntp", 123, False),
    "echo": ("echo", 7, False),
    "tcp": ("tcp", None, False),
    "udp": ("udp", None, False),
}
_WITH_FILES = ("http", "ftp")
_INDEX = "index.html"
_MOST_FILES = 1000
_MOST_BYTES = 1 << 24  # all of it is in each record of a run


class ServiceType(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """`[KIND://]HOST[:PORT][=CERTIFICATE][,FOLDER]`: a table of `[[service]]`."""

    name = "service"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dict[str, Any]:
        """Parse one --service; what it says is judged with the rest of the scenario."""
        match = _SERVICE.fullmatch(str(value))
        scheme = "mqtt" if match is None else match[1] or "mqtt"
        if match is None or (match[4] is None and match[1] is None):
            hint = "write HOST:PORT, with TLS HOST:PORT=valid; IPv6 in brackets"
            self.fail(f"{shown(str(value))}: {hint}", param, ctx)
        if scheme not in _SCHEMES:
            known = ", ".join(_SCHEMES)
            self.fail(f"{shown(str(value))}: it begins with one of {known}, and ://", param, ctx)
        kind, own_port, has_tls = _SCHEMES[scheme]
        port = own_port if match[4] is None else int(match[4])
        if port is None:
            self.fail(f"{shown(str(value))}: write {scheme}://HOST:PORT", param, ctx)
        table: dict[str, Any] = {"host": match[2] or match[3], "port": port}
        if match[1] is not None:
            table["kind"] = kind
        certificate, folder = _parts(match[5] or "", kind)
        if has_tls and not certificate:
            certificate = "valid"
        if certificate:
            table["tls"] = {"certificate": certificate}
        if scheme == "ftps":
            table["ftp"] = {"implicit": True}
        if folder:
            try:
                files = {name: {"path": str(path)} for name, path in _files(Path(folder), kind)}
            except (OSError, ValueError) as error:
                why = error.strerror if isinstance(error, OSError) else error
                self.fail(f"{shown(str(value))}: {folder}: {why}", param, ctx)
            table.setdefault(kind, {})["files"] = files
        return table


def _parts(text: str, kind: str) -> tuple[str, str]:
    """(certificate, folder) of what stands behind the `=`; each may be empty."""
    if kind not in _WITH_FILES or text in get_args(Certificate):
        return text, ""
    first, comma, rest = text.partition(",")
    return (first, rest) if comma and first in get_args(Certificate) else ("", text)


def _files(folder: Path, kind: str) -> Iterator[tuple[str, Path]]:
    """(path at the server, where it is) of a folder's files, or of the one that it is.

    Raises OSError, and ValueError where it cannot be served.
    """
    if not folder.is_dir():
        folder.stat()
        yield f"/{folder.name}", folder
        return
    count = total_bytes = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            path = Path(place, name)
            at_server = f"/{path.relative_to(folder).as_posix()}"
            if not at_server.isprintable():
                raise ValueError(f"{at_server!a} is no name that can be served")
            count, total_bytes = count + 1, total_bytes + path.stat().st_size
            if count > _MOST_FILES or total_bytes > _MOST_BYTES:
                most = f"{_MOST_FILES} files with {_MOST_BYTES >> 20} MiB"
                raise ValueError(f"it has more than {most}, which is what can be served")
            yield at_server, path
            if name == _INDEX and kind == "http":
                yield at_server.removesuffix(_INDEX), path
