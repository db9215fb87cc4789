"""`--html FILE`: the page of a run, into a file."""

from typing import BinaryIO

from quecsim.render.page.document import page_html
from quecsim.render.recorded import Recorded


def write_page(recorded: Recorded, file: BinaryIO) -> None:
    """Write it, in UTF-8."""
    file.write(page_html(recorded).encode("utf-8", "replace"))
