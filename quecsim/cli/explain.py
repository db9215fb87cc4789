"""`quecsim explain`: what happened to a file, from it and the two numbers that the module said.

Exit code 0: a story fits, also that nothing is wrong. 1: none does. 2: the user's mistake.
"""

import sys
from pathlib import Path

import click

from quecsim.cli.values import size
from quecsim.cli.words import Command, option
from quecsim.errors import QuecsimError
from quecsim.files import MOST_BYTES, read_file

NOTHING_FITS = 1
_HINT = "quecsim explain ca.pem 389,41e, or --command '+QFUPL: 389,041E'"


@click.command(cls=Command)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@click.argument("told", metavar="[SIZE,CHECKSUM]...", nargs=-1)
@click.option(
    "--command",
    "lines",
    metavar="LINE",
    multiple=True,
    help="A line that the module said: '+QFUPL: 389,041E', of QFDWL, QSECWRITE or QFWRITE. May be "
    "given again, one for each attempt.",
)
@click.option(
    "--module-list",
    "listed",
    metavar="LINE",
    multiple=True,
    help="A line of its list: '+QFLST: \"UFS:ca.pem\",389'. It has a size and no checksum.",
)
@option("--declared", type=size(0, (1 << 31) - 1), help="The size that the host announced.")
@click.option(
    "--sent",
    metavar="COMMAND",
    multiple=True,
    help="A command that the host sent, which may have become part of the file. May be given "
    "again, in order.  [default: the usual ones are tried]",
)
@click.option("--name", metavar="NAME", help="Name on the module.  [default: that of FILE]")
@click.option("--json", "as_json", is_flag=True, help="The explanation as JSON.")
def explain(
    *,
    file: Path,
    told: tuple[str, ...],
    lines: tuple[str, ...],
    listed: tuple[str, ...],
    declared: int | None,
    sent: tuple[str, ...],
    name: str | None,
    as_json: bool,
) -> int:
    """What happened to FILE on its way, if the module says SIZE,CHECKSUM of it.

    FILE is the file as the host has it (`-`: standard input), SIZE,CHECKSUM what the module said at
    the end of the upload: `+QFUPL: 389,041E` is 389,041E. Several are several attempts. Stories are
    tried, and those that fit both numbers are told, with how many would fit by chance.
    """
    from quecsim.explanation import explain as explained
    from quecsim.explanation.reading import read_name, read_told
    from quecsim.render.explanation import explanation_text

    texts = [*told, *lines, *listed]
    if not texts:
        raise QuecsimError("nothing that the module said is given", hint=_HINT)
    tolds = [read_told(text) for text in texts]
    data = _read(file)
    label = "the file" if str(file) == "-" else file.name
    known = next(filter(None, map(read_name, texts)), "")
    found = explained(
        data,
        tolds,
        declared=declared,
        commands=[line.encode("utf-8", "surrogateescape") for line in sent],
        name=name or known or ("" if str(file) == "-" else file.name),
    )
    click.echo(found.to_json() if as_json else explanation_text(found, data, label))
    return 0 if found.fits else NOTHING_FITS


def _read(file: Path) -> bytes:
    """The file's bytes, or the user's mistake."""
    if str(file) == "-":
        data = sys.stdin.buffer.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise QuecsimError(
                f"standard input has more than {MOST_BYTES >> 20} MiB",
                hint="no upload is larger: give the file that was sent",
            )
        return data
    try:
        return read_file(file)
    except OSError as error:
        raise QuecsimError(
            f"cannot read {file}: {error.strerror}",
            hint="give the path of the file as the host has it",
        ) from error
