"""`quecsim package`: makes a firmware package out of any file, and says whether one is whole.

Exit code 0: made, or whole. 1: what was to be shown is damaged, or no package. 2: the user's
mistake.
"""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quecsim.cli.words import Command
from quecsim.errors import QuecsimError
from quecsim.files import open_file, read_file

if TYPE_CHECKING:
    from quecsim.firmware.package import PackageChecker

_PIECE_BYTES = 1 << 16


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", "out", metavar="OUT", type=click.Path(path_type=Path), help="The package."
)
@click.option("--source", metavar="REV", help="The revision that a device must have before.")
@click.option("--target", metavar="REV", help="The revision that it has afterwards.")
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
@click.option("--show", "shows", is_flag=True, help="Say what is in the package FILE.")
@click.option("--json", "as_json", is_flag=True, help="The result as JSON on standard output.")
def package(
    *,
    file: Path,
    out: Path | None,
    source: str | None,
    target: str | None,
    force: bool,
    shows: bool,
    as_json: bool,
) -> int:
    """Make a firmware package OUT with the content of FILE, or --show what one holds.

    A simulated device takes it as it takes an upgrade: whole, it changes the revision; damaged on
    the way, it is refused with 506.
    """
    makes = {"--output": out, "--source": source, "--target": target, "--force": force or None}
    given = [option for option, value in makes.items() if value is not None]
    if shows:
        if given:
            raise QuecsimError(f"--show only reads: it goes without {', '.join(given)}")
        return _show(file, as_json=as_json)
    if out is None or source is None or target is None:
        missing = [each for each in makes if each not in (*given, "--force")]
        raise QuecsimError(
            f"missing {', '.join(missing)}",
            hint="quecsim package FILE -o OUT --source REV --target REV, "
            "or quecsim package --show FILE",
        )
    _make(file, out, source, target, force=force, as_json=as_json)
    return 0


def _make(file: Path, out: Path, source: str, target: str, *, force: bool, as_json: bool) -> None:
    from quecsim.firmware.package import build_package

    try:
        payload = read_file(file)
    except OSError as error:
        raise _unreadable(file, error) from error
    made = build_package(payload, source, target)
    try:
        _check_place(out, file, force=force)
        _write(out, made, force=force)
    except OSError as error:
        raise QuecsimError(
            f"cannot write the package: {_reason(error)}",
            where=str(out),
            hint="name another file with -o",
        ) from error
    _tell(out, _checked(out), as_json=as_json)


def _show(file: Path, *, as_json: bool) -> int:
    checker = _checked(file)
    _tell(file, checker, as_json=as_json)
    return 0 if checker.result() is not None else 1


def _checked(file: Path) -> "PackageChecker":
    from quecsim.firmware.package import PackageChecker

    checker = PackageChecker({})
    try:
        with open_file(file) as stream:
            while piece := stream.read(_PIECE_BYTES):
                checker.update(piece)
    except OSError as error:
        raise _unreadable(file, error) from error
    return checker


def _tell(file: Path, checker: "PackageChecker", *, as_json: bool) -> None:
    header = checker.header()
    is_whole = checker.result() is not None
    if as_json:
        facts: dict[str, Any] = {
            "file": str(file),
            "whole": is_whole,
            "source": header and header.source,
            "target": header and header.target,
            "payload_bytes": header and header.payload_bytes,
            "size_bytes": checker.size_bytes,
            "md5": checker.md5,
        }
        click.echo(json.dumps(facts))
        return
    state = "whole" if is_whole else _trouble(checker)
    click.echo(f"{file}: {state}")
    if header is not None:
        click.echo(f"  from     {header.source}")
        click.echo(f"  to       {header.target}")
        click.echo(f"  payload  {header.payload_bytes} bytes")
    click.echo(f"  file     {checker.size_bytes} bytes, MD5 {checker.md5}")


def _trouble(checker: "PackageChecker") -> str:
    """Why it is not whole."""
    surplus = checker.surplus_bytes()
    if surplus is None:
        return "not a package, or its header is damaged"
    if surplus < 0:
        return f"damaged, missing bytes: {-surplus}"
    if surplus > 0:
        return f"damaged, surplus bytes: {surplus}"
    return "damaged, its MD5 is wrong"


def _check_place(out: Path, file: Path, *, force: bool) -> None:
    if not out.exists():
        return
    if out.samefile(file):
        raise QuecsimError(
            "this is the file that goes into the package",
            where=str(out),
            hint="give the package another name",
        )
    if not out.is_file():
        raise QuecsimError("not a regular file", where=str(out), hint="name another file")
    if not force:
        raise QuecsimError(
            "the file exists", where=str(out), hint="--force replaces it, or name another file"
        )


def _write(out: Path, data: bytes, *, force: bool) -> None:
    """Put the package at `out`, all of it or nothing; over a file only by force."""
    place = Path(os.path.realpath(out))
    draft = place.with_name(f".{place.name}.{os.getpid()}.new") if force else place
    stream = draft.open("xb")
    try:
        with stream:
            stream.write(data)
        draft.replace(place)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _unreadable(file: Path, error: OSError) -> QuecsimError:
    return QuecsimError(f"cannot read the file: {_reason(error)}", where=str(file))


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
