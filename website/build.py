"""Runs Sphinx over the laid out documents: the site, the man pages, the links that lead outside."""

from collections.abc import Sequence
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from website.tree import ROOT, lay_out

OUTPUT = ROOT / "build/site"
_CONFIGURATION = ROOT / "website"


def build(builders: Sequence[str], output: Path = OUTPUT) -> bool:
    """Build `html`, `man` or `linkcheck`, each into the folder of that name in `output`.

    False where Sphinx has found something wrong; it has told what on standard error.
    """
    source = output / "source"
    lay_out(source)
    well = [_run(source, builder, output, is_first=not at) for at, builder in enumerate(builders)]
    return all(well)


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
