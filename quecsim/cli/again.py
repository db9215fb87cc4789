"""What a record may lack to be run again, given by hand: the image of `--ufs`, and the payload."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from quecsim.cli.words import Function, option
from quecsim.errors import QuecsimError
from quecsim.files import read_file

_IMAGE_HINT = "name the file that --ufs had, as it was before the run"
_PAYLOAD_HINT = "name the file that the host uploaded"


@dataclass(frozen=True, slots=True)
class Given:
    """As `quecsim.run.replay.replay` takes them."""

    image: bytes | None = None
    payloads: tuple[bytes, ...] = ()


def again_options(*, old_ufs: str = "") -> Callable[[Function], Function]:
    """`--ufs IMAGE` and `--payload FILE`, as `ufs` and `payload`."""

    def add(function: Function) -> Function:
        function = click.option(
            "--payload",
            metavar="FILE",
            multiple=True,
            type=click.Path(path_type=Path),
            help="What the host uploaded, where a trace holds digests of it.",
        )(function)
        return option(
            "--ufs",
            old=old_ufs,
            metavar="IMAGE",
            type=click.Path(path_type=Path),
            help="The storage image as it was before the run, where a trace does not hold it.",
        )(function)

    return add


def read_given(image: Path | None, payloads: tuple[Path, ...]) -> Given:
    """Raises QuecsimError where one cannot be read."""
    content = None if image is None else _read(image, _IMAGE_HINT)
    return Given(content, tuple(_read(each, _PAYLOAD_HINT) for each in payloads))


def _read(file: Path, hint: str) -> bytes:
    try:
        return read_file(file)
    except OSError as error:
        raise QuecsimError(
            f"it cannot be read: {error.strerror}", hint=hint, where=str(file)
        ) from None
