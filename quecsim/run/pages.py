"""A folder of pages: one for each run that went wrong."""

import re
from contextlib import suppress
from pathlib import Path

from quecsim.errors import QuecsimError
from quecsim.files import create_private
from quecsim.render.recorded import Recorded
from quecsim.run.writers import load_writer

PAGE, EXTRA = "quecsim.render.page.write:write_page", "report"
_SLUG_CHARS = 100
_MOST_OF_A_NAME = 10_000


class Pages:
    """Pages in `folder`, which is made with the first of them; none is overwritten.

    Made before the work begins, since it says what is missing: raises QuecsimError without the
    packages of pages. `option` is what the user has typed for it.
    """

    def __init__(self, folder: Path, option: str = "--html") -> None:
        self.folder = folder
        self._option = option
        self._write = load_writer(PAGE, option, EXTRA)

    def add(self, name: str, recorded: Recorded) -> Path:
        """The page of a run, `name.html` or the next one that is free; `name` may be any text.

        Raises QuecsimError where it cannot be written.
        """
        path = self.reserve(name)
        self.fill(path, recorded)
        return path

    def reserve(self, name: str) -> Path:
        """An empty file for a page of that name, so that its place can be told before the run is
        over. Raises QuecsimError where it cannot be made.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            return self._made(_slug(name))
        except OSError as error:
            raise self._untold(error) from None

    def fill(self, path: Path, recorded: Recorded) -> None:
        """The page, into a file that was reserved. Raises QuecsimError where it cannot be."""
        try:
            with create_private(path) as file:
                self._write(recorded, file)
        except OSError as error:
            raise self._untold(error) from None

    def _made(self, name: str) -> Path:
        """A new file: others may fill the same folder at the same time."""
        for number in range(1, _MOST_OF_A_NAME):
            path = self.folder / (f"{name}.html" if number == 1 else f"{name}-{number}.html")
            with suppress(FileExistsError), create_private(path, is_new=True):
                return path
        return path

    def _untold(self, error: OSError) -> QuecsimError:
        return QuecsimError(
            f"cannot write a page into {self.folder}: {error.strerror}",
            hint=f"name another folder with {self._option}",
        )


def _slug(text: str) -> str:
    """A name for a file."""
    return re.sub(r"[^A-Za-z0-9._=]+", "-", text).strip("-.")[:_SLUG_CHARS] or "run"
