"""`quecsim authority`: certificates and keys that the servers of `[[service]]` go with."""

from pathlib import Path

import click

from quecsim.cli.words import Command
from quecsim.errors import QuecsimError
from quecsim.files import create_private
from quecsim.tls.pieces import PIECES, Piece

_HELP = "; ".join(f"{word}: {what}" for word, what in PIECES.items())


@click.command(cls=Command, epilog=_HELP)
@click.argument("word", metavar="[PIECE]", type=click.Choice(list(PIECES)), default="ca")
@click.option(
    "-o",
    "--output",
    "out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write it to FILE, which must not exist; else to standard output.",
)
def authority(word: Piece, out: Path | None) -> None:
    """Write a PEM of the simulator's own test authority, which the servers of a scenario have.

    The keys are public: nothing that is real may trust this authority.
    """
    from quecsim.tls.authority import piece

    pem = piece(word)
    if out is None:
        click.echo(pem, nl=False)
        return
    try:
        with create_private(out, is_new=True) as file:
            file.write(pem)
    except FileExistsError:
        raise QuecsimError(f"{out} exists", hint="name another file with -o") from None
    except OSError as error:
        raise QuecsimError(f"cannot write {out}: {error.strerror}") from None
