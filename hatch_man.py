"""The man pages in the wheel, under share/man: those of the folder that QUECSIM_MAN names.

A wheel can be built without Sphinx: without that variable it has none. `./try docs man` makes them.
"""

import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ManPages(BuildHookInterface):
    """Puts them beside the package's own files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Called by hatchling before it builds a wheel."""
        if folder := os.environ.get("QUECSIM_MAN"):
            build_data["shared_data"].update(man_pages(Path(folder)))


def man_pages(folder: Path) -> dict[str, str]:
    """Page -> its place in the environment. An empty folder was not meant."""
    pages = sorted(folder.glob("*.1"))
    if not pages:
        raise SystemExit(f"QUECSIM_MAN: there are no man pages in {folder}: ./try docs man")
    return {str(page.resolve()): f"share/man/man1/{page.name}" for page in pages}
