"""A built page, as far as its links go."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

_LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}


class Page(HTMLParser):
    """What a page links to, what it loads, and the places in it that links can lead to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.links: list[str] = []
        self.loads: list[str] = []
        self.places: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called for each tag."""
        values = dict(attrs)
        if place := values.get("id"):
            self.places.add(place)
        if tag == "a" and (link := values.get("href")):
            self.links.append(link)
        if loaded := values.get(_LOADS.get(tag, "")):
            self.loads.append(loaded)


def pages(html: Path) -> Iterator[Page]:
    """All pages of a built site, and not those of runs that it offers."""
    found = html.rglob("*.html")
    return map(Page, sorted(path for path in found if "_downloads" not in path.parts))
