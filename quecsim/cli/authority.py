"""`quecsim authority`: certificates and keys that the servers of `[[service]]` go with."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import click

from quecsim.cli.words import Command
from quecsim.errors import QuecsimError
from quecsim.files import create_private


def _ca() -> bytes:
    from quecsim.tls.authority import authority_pem

    return authority_pem()


def _client(kind: Literal["valid", "wrong-key", "other-ca"], place: int) -> bytes:
    from quecsim.tls.authority import client_pair

    return client_pair(kind)[place]


# word -> (what makes it, what it is)
_PIECES: dict[str, tuple[Callable[[], bytes], str]] = {
    "ca": (_ca, "the root that has signed them"),
    "client-cert": (lambda: _client("valid", 0), "a device's certificate, signed by it"),
    "client-key": (lambda: _client("valid", 1), "the key of that"),
    "wrong-key": (lambda: _client("wrong-key", 1), "a key that does not belong to it"),
    "other-client-cert": (lambda: _client("other-ca", 0), "the same key, signed by somebody else"),
}
_HELP = "; ".join(f"{word}: {what}" for word, (_, what) in _PIECES.items())


@click.command(cls=Command, epilog=_HELP)
@click.argument("piece", type=click.Choice(list(_PIECES)), default="ca")
@click.option(
    "-o",
    "--output",
    "out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write it to FILE, which must not exist; else to standard output.",
)
def authority(piece: str, out: Path | None) -> None:
    """Write a PEM of the simulator's own test authority, which the servers of a scenario have.

    The keys are public: nothing that is real may trust this authority.
    """
    pem = _PIECES[piece][0]()
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
