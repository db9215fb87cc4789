"""A firmware package on its way from a server into the flash, and how far it is."""

from contextlib import suppress

from quecsim.at.context import Context, fota
from quecsim.at.effects import FlashWork, Sleep, Steps
from quecsim.commands import firmware
from quecsim.commands.fota_upgrade import announce, drop_package, progress_number
from quecsim.flash.ufs import UfsError, UfsFault, UfsFile
from quecsim.units import us

_BREATH_NS = us(100)  # between two blocks, for whoever else wants to do or to say something


class Package:
    """`total` bytes of it are to come (None: as many as there are), and `urcs` messages tell of
    that. All steps raise UfsError where the flash does not take it.
    """

    def __init__(self, context: Context, urcs: int) -> None:
        self._context = context
        self._urcs = urcs
        self._total: int | None = None
        self._received = 0
        self._file: UfsFile | None = None

    def begin(self, total: int | None) -> Steps:
        """Make room for it."""
        self._total = total
        self._file = yield FlashWork(self._create, "made room for the package")

    def put(self, data: bytes) -> Steps:
        """A block has come."""
        file = self._file
        assert file is not None
        yield FlashWork(lambda: file.write(data), "stored the package")
        before, self._received = self._received, self._received + len(data)
        if self._total:
            yield from self._tell(crossed(before, self._received, self._total, self._urcs))
        yield Sleep(_BREATH_NS, "it was downloading a firmware package")

    def end(self) -> Steps:
        """All of it is there."""
        file, self._file = self._file, None
        assert file is not None
        yield FlashWork(file.close, "closed the package")
        if not self._total and self._urcs:  # nobody knew how far it was
            yield from self._tell((self._urcs,))

    def give_up(self) -> Steps:
        """No more of it will come."""
        file, self._file = self._file, None
        if file is not None:
            with suppress(UfsError):
                yield FlashWork(file.close, "closed the package")
        yield from drop_package(self._context)

    def _tell(self, ordinals: "range | tuple[int, ...]") -> Steps:
        for ordinal in ordinals:
            kind = fota(self._context).download_number
            yield announce("DOWNLOADING", progress_number(ordinal, self._urcs, kind))

    def _create(self) -> UfsFile:
        ufs = self._context.ufs
        firmware.drop_package(ufs)
        if (self._total or 0) > ufs.free_system_bytes():
            raise UfsError(UfsFault.NO_SPACE)
        return firmware.create_package(ufs)


def crossed(before: int, after: int, length: int, most: int) -> range:
    """Which of the `most` progress messages are due on the way from `before` to `after` bytes."""
    reached = min(after, length)  # a server may send more than it has said
    return range(min(before, length) * most // length + 1, reached * most // length + 1)
