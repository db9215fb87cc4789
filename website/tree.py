"""Lays the documents out for Sphinx: a folder of its own, in which every link leads on.

Documents move (`docs/UPLOAD.md` is `UPLOAD.md` there), and with them what they link to. A link to a
file that is no page takes the file along, to be downloaded.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from website.generated import PIECES, pages
from website.pictures import illustrated
from website.sections import contents

ROOT = Path(__file__).parents[1]
_ELSEWHERE = {
    "README.md": "index.md",
    "CHANGELOG.md": "CHANGELOG.md",
    "CONTRIBUTING.md": "CONTRIBUTING.md",
    "examples/README.md": "EXAMPLES.md",
    "benchmarks/README.md": "BENCHMARKS.md",
}
_LINK = re.compile(r"(\[[^\]\n]*)?\]\(([^)#\s]+)(#[^)\s]*)?\)")
_FILE_NAME = re.compile(r"\[[\w./-]+\.md")
_PIECE = re.compile(r"^<!-- generated: (\w+) -->$", re.MULTILINE)
_ONLY_HERE = re.compile(r"^<!-- not on the site -->\n.*?^<!-- end -->\n", re.DOTALL | re.MULTILINE)
_FENCE = re.compile(r"\s*(```+|~~~+)")


def lay_out(target: Path) -> None:
    """Write the sources of the site into the folder `target`, which is not there yet."""
    homes = places()
    for source, name in homes.items():
        if source != "README.md":  # the site has a first page of its own
            text = (ROOT / source).read_text(encoding="utf-8")
            _write(target / name, of_the_site(text, source, homes, target))
    for name, text in pages():
        _write(target / name, text)
    index = target / "index.md"
    index.write_text(index.read_text(encoding="utf-8") + "\n" + _toctrees(target), encoding="utf-8")


def places() -> dict[str, str]:
    """Document -> its place in the site; both as paths from the top."""
    documents = sorted((ROOT / "docs").rglob("*.md"))
    inside = {path.relative_to(ROOT).as_posix(): path for path in documents}
    return {
        **{name: path.relative_to(ROOT / "docs").as_posix() for name, path in inside.items()},
        **_ELSEWHERE,
    }


def of_the_site(text: str, source: str, homes: dict[str, str], target: Path) -> str:
    """The document's text with its links led on, and its generated pieces in their places.

    A link that shows the name of its page's file shows the page's title instead.
    """
    here = PurePosixPath(source).parent

    def led_on(match: re.Match[str]) -> str:
        text, link, anchor = match[1] or "", match[2], match[3] or ""
        if "://" in link:
            return match[0]
        meant = os.path.normpath(here / link)
        if meant in homes:
            place = homes[meant]
        elif (ROOT / meant).is_file():
            place = f"files/{meant}"
            _copy(ROOT / meant, target / place)
        else:
            return match[0]  # Sphinx tells of it, or knows better
        shown = "[" if place.endswith(".md") and _FILE_NAME.fullmatch(text) else text
        return f"{shown}]({os.path.relpath(place, PurePosixPath(homes[source]).parent)}{anchor})"

    linked = _outside_fences(text, lambda line: _LINK.sub(led_on, line))
    made = _PIECE.sub(lambda match: PIECES[match[1]](), _ONLY_HERE.sub("", linked))
    return illustrated(made, lambda name, drawn: _keep(name, drawn, homes[source], target))


def _outside_fences(text: str, change: Callable[[str], str]) -> str:
    return "".join(_changed(text.splitlines(keepends=True), change))


def _changed(lines: list[str], change: Callable[[str], str]) -> Iterator[str]:
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1] == fence:
            fence = ""
        yield line if fence or mark else change(line)


def _toctrees(target: Path) -> str:
    """The contents: the pages at the top, each of which may have others below it."""
    names = [path.stem for path in target.glob("*.md") if path.name != "index.md"]
    below = [f"reference/{path.stem}" for path in (ROOT / "docs/reference").glob("*.md")]
    made = []
    for heading, entries in contents([*names, *below]).items():
        made += [
            "```{toctree}",
            ":hidden:",
            ":titlesonly:",
            f":caption: {heading}",
            "",
            *entries,
            "```",
            "",
        ]
    return "\n".join(made)


def _keep(name: str, drawn: bytes, place: str, target: Path) -> str:
    """A picture beside the pages; how the page at `place` calls it."""
    path = target / "pictures" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(drawn)
    return os.path.relpath(f"pictures/{name}", PurePosixPath(place).parent)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
