"""`python -m website`: build the documentation."""

import sys
from pathlib import Path

import click

from quecsim.errors import QuecsimError

try:
    from website.build import OUTPUT, build
except ModuleNotFoundError as missing:
    if (missing.name or "").startswith(("quecsim", "website")):
        raise
    sys.exit(f"the site needs {missing.name}: pip install -e '.[docs]'")


@click.command()
@click.argument("builders", nargs=-1, type=click.Choice(["html", "man", "linkcheck"]))
@click.option("-o", "--output", type=click.Path(path_type=Path), default=OUTPUT, help="A folder.")
def main(builders: tuple[str, ...], output: Path) -> None:
    """Build the site and the man pages, or only what is named.

    `linkcheck` asks the network whether the links that lead outside still lead somewhere.
    """
    try:
        is_well = build(builders or ("html", "man"), output)
    except QuecsimError as error:
        raise click.UsageError(str(error)) from None
    if not is_well:
        sys.exit(1)
    click.echo(output)


main()
