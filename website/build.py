"""Runs Sphinx over the laid out documents: the site, the man pages, the links that lead outside."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from quecsim.errors import QuecsimError
from website.tree import ROOT, lay_out

OUTPUT = ROOT / "build/site"
_CONFIGURATION = ROOT / "website"
_MARK = ".built-by-quecsim"  # what stands in such a folder is ours to take away


def build(builders: Sequence[str], output: Path = OUTPUT) -> bool:
    """Build `html`, `man` or `linkcheck`, each into the folder of that name in `output`.

    False where Sphinx has found something wrong; it has told what on standard error. What was
    built there before goes. Raises QuecsimError for a folder with files of somebody else.
    """
    _clear(output, ("source", "doctrees", *builders))
    source = output / "source"
    lay_out(source)
    well = [_run(source, builder, output, is_first=not at) for at, builder in enumerate(builders)]
    return all(well)


def _clear(output: Path, names: Sequence[str]) -> None:
    mark = output / _MARK
    if output.exists() and not mark.exists() and any(output.iterdir()):
        raise QuecsimError(
            "there are other files in it, which could be lost", where=str(output),
            hint="name a folder that is empty, or not there yet",
        )  # fmt: skip
    output.mkdir(parents=True, exist_ok=True)
    mark.touch()
    for name in names:
        shutil.rmtree(output / name, ignore_errors=True)


def _run(source: Path, builder: str, output: Path, *, is_first: bool) -> bool:
    """The first reads the sources, the others take what it has read."""
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            source,
            _CONFIGURATION,
            output / builder,
            output / "doctrees",
            builder,
            status=None,
            freshenv=is_first,
            warningiserror=True,
        )
        app.build(force_all=is_first)
        return app.statuscode == 0
