"""What servers of a scenario give that is in files beside it: read once, and kept by value."""

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from quecsim.files import read_file
from quecsim.peers.ftp_settings import FtpFile
from quecsim.peers.http_settings import HttpFile
from quecsim.profiles.toml_source import KeyPath
from quecsim.scenario.network import Service
from quecsim.scenario.payload import firmware

Complain = Callable[[KeyPath, str, str], object]

_KINDS = ("http", "ftp")
"""Those that have files."""


def fetched(
    service: Service, folder: Path, path: KeyPath, complain: Complain, revision: str = ""
) -> Service:
    """The server with the content of its files in place of their paths, taken from `folder`.

    What cannot be read goes to `complain(key, message, hint)`; `path` is the server's own key.
    `revision` is that of the device's firmware.
    """
    for kind in _KINDS:
        settings = getattr(service, kind)
        new: dict[str, HttpFile | FtpFile] = {}
        for name, file in settings.files.items():
            if file.path is None and file.authority is None and file.firmware is None:
                continue
            try:
                data = _content(file, folder, revision)
            except OSError as error:
                where = (folder / str(file.path)).absolute().parent
                hint = f"It was looked for in {where}."
                key = (*path, kind, "files", name, "path")
                complain(key, f"cannot read {file.path}: {error.strerror}", hint)
                continue
            new[name] = replace(file, path=None, authority=None, firmware=None, base64=data)
        if new:
            files = {**settings.files, **new}
            service = replace(service, **{kind: replace(settings, files=files)})
    return service


def _content(file: HttpFile | FtpFile, folder: Path, revision: str) -> bytes:
    """Raises OSError."""
    if file.authority is not None:
        from quecsim.tls.authority import piece

        return piece(file.authority)
    if file.firmware is not None:
        wanted = file.firmware
        return firmware(wanted.size_bytes, wanted.source or revision, wanted.target)
    assert file.path is not None
    return read_file(folder / file.path)
