"""The addresses in the package's metadata: of the repository from which it is built.

They are those of the git remote `origin`, so that a fork's package leads to the fork; QUECSIM_URL
names another. Without either there are none: nobody is sent to a place that is not the project's.
"""

import os
import re
import subprocess
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_PAGES = {
    "Homepage": "",
    "Documentation": "/blob/main/README.md",
    "Changelog": "/blob/main/CHANGELOG.md",
    "Source": "",
    "Issues": "/issues",
}
_SSH = re.compile(r"^(?:ssh://)?git@([^:/]+)[:/](.+)$")


class Addresses(MetadataHookInterface):
    """Puts them into `project.urls`."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Called by hatchling, but not where a PKG-INFO has them already."""
        base = os.environ.get("QUECSIM_URL") or _origin(self.root)
        metadata["urls"] = addresses(base)


def addresses(remote: str) -> dict[str, str]:
    """The pages of a repository by its address; none for what is no address on the web."""
    base = _SSH.sub(r"https://\1/\2", remote.strip()).removesuffix("/").removesuffix(".git")
    if not base.startswith("https://"):
        return {}
    base = re.sub(r"^https://[^/@]*@", "https://", base)  # nobody's password
    return {name: base + page for name, page in _PAGES.items()}


def _origin(root: str) -> str:
    asked = ["git", "-C", root, "config", "--get", "remote.origin.url"]
    try:
        return subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    except OSError:  # there is no git
        return ""
