"""Files of certificates and keys that came whole: can a TLS stack read them, do they go together?

The verdict stays what it is: the bytes are those that the host sent.
"""

from collections.abc import Iterator
from typing import NamedTuple

from quecsim.certificates.examine import examine
from quecsim.report.model import Advice

_MOST_NAMES = 100


class _Stored(NamedTuple):
    at_ns: int
    keys: tuple[bytes, ...]
    leaves: tuple[bytes, ...]


class Contents:
    """What was stored under which name in this run."""

    def __init__(self) -> None:
        self._stored: dict[str, _Stored] = {}

    def look(self, name: str, data: bytes, at_ns: int, offset: int | None) -> list[Advice]:
        """The file `name` is whole, with `data` in it: what is wrong with that."""
        found = examine(data, name)
        self._stored.pop(name, None)
        if (found.keys or found.leaves) and len(self._stored) < _MOST_NAMES:
            self._stored[name] = _Stored(at_ns, found.keys, found.leaves)
        return [
            Advice(
                kind=f"certificate-{trouble.kind}", seen=trouble.seen, advice=trouble.advice,
                at_ns=at_ns, offset=offset, name=name, is_note=trouble.is_harmless,
            )
            for trouble in found.troubles
        ]  # fmt: skip

    def forget(self, name: str) -> None:
        """The file is deleted."""
        self._stored.pop(name, None)

    def pairs(self) -> Iterator[Advice]:
        """Keys that belong to no certificate, where there is a certificate without its key."""
        keys = {key for each in self._stored.values() for key in each.keys}
        leaves = {leaf for each in self._stored.values() for leaf in each.leaves}
        alone = [name for name, each in self._stored.items() if set(each.leaves) - keys]
        for name, each in self._stored.items():
            if not alone or not set(each.keys) - leaves:
                continue
            seen = f"the key does not belong to the certificate {alone[-1]}: another public key"
            advice = "upload the key that the certificate was made for"
            yield Advice(
                kind="certificate-key", seen=seen, advice=advice, at_ns=each.at_ns, name=name
            )
