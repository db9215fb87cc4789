"""The vault: certificates and keys that can be written, checked and deleted. Nobody reads them back
but the device itself, for a handshake.

    NVRAM:CA0      stays: the system file `nvram-ca0`; reading and writing it is work for the flash
    RAM:ca.pem     in memory, and gone with the object

Both are encrypted with AES-256-GCM, as blobs:

    1   version
    4   length of the content
    2   checksum of the content, as worked out at writing
    12  nonce
    n   content, encrypted
    16  tag; it also covers the name, the version, the length and the checksum

Numbers are big-endian. The key of NVRAM lies in the system file `vault.key`, so that it is in the
device's image; that of RAM never leaves memory. Both follow from the run's seed, and the nonce from
key, name and content: the same inputs give the same image, and a nonce comes back only with the
very same blob. So this shows what a device does; it is no place for a secret of yours.
"""

import struct
from hashlib import sha256
from hmac import digest as hmac
from typing import NamedTuple

from quecsim.checksum import checksum
from quecsim.flash.labels import MEMORY, SLOTS, label_of, system_name
from quecsim.flash.names import check_name
from quecsim.flash.ufs import Ufs, UfsError, UfsFault
from quecsim.rng import Stream

_KEY_FILE = "vault.key"
_KEY_BYTES = 32
_VERSION = 1
_HEADER = struct.Struct(">BIH")  # version, length, checksum
_NONCE_BYTES = 12
_TAG_BYTES = 16
_FRAME_BYTES = _HEADER.size + _NONCE_BYTES + _TAG_BYTES


class Vault:
    """The certificates and keys of one device, by names as the host writes them.

    A name is `NVRAM:` and letters, digits, dots or hyphens (of either case: they are the same), or
    `RAM:` and the name of a file. Anything else is `UfsError` (BAD_NAME). The vault knows no limits
    of size or number: they are the command's.
    """

    __slots__ = ("_ram", "_ram_key", "_seed", "_ufs")

    def __init__(self, ufs: Ufs, seed: int) -> None:
        self._ufs = ufs
        self._seed = seed
        self._ram: dict[str, bytes] = {}
        self._ram_key = _new_key(seed, "flash.vault.ram")

    @property
    def used_ram_bytes(self) -> int:
        """The lengths of all contents in RAM together."""
        return sum(len(blob) - _FRAME_BYTES for blob in self._ram.values())

    def size(self, name: str) -> int | None:
        """The length of the content in bytes, or None when there is none of that name."""
        place = _place(name)
        if place.file is None:
            stored = len(self._ram[place.name]) if place.name in self._ram else None
        else:
            stored = self._ufs.system_size(place.file)
        return None if stored is None else max(0, stored - _FRAME_BYTES)

    def write(self, name: str, data: bytes) -> None:
        """Store `data`, in place of what has that name. NO_SPACE: then nothing has."""
        place = _place(name)
        if place.file is None:
            self._ram[place.name] = _sealed(self._ram_key, place.name, data)
        else:
            blob = _sealed(self._own_key(), place.name, data)
            self._ufs.write_system(place.file, blob)

    def check(self, name: str) -> tuple[bool, int]:
        """Decrypt, and work the checksum out again: (is it all as it was written?, checksum).

        Whatever became of the blob or the key, this gives an answer; the checksum is then that of
        what decrypting made of it. Raises `UfsError` (NOT_FOUND) when there is none of that name.
        """
        is_whole, data = self._content(name)
        return is_whole, checksum(data)

    def read(self, name: str) -> bytes:
        """The content. NOT_FOUND when there is none of that name, CORRUPT when it is not as it was
        written.
        """
        is_whole, data = self._content(name)
        if not is_whole:
            raise UfsError(UfsFault.CORRUPT, f"{name}: its checksum is wrong")
        return data

    def _content(self, name: str) -> tuple[bool, bytes]:
        place = _place(name)
        if self.size(name) is None:
            raise UfsError(UfsFault.NOT_FOUND, name)
        if place.file is None:
            return _checked(self._ram_key, place.name, self._ram[place.name])
        # Without a key nothing can be decrypted, and looking makes no new one.
        key = self._legible(_KEY_FILE).ljust(_KEY_BYTES, b"\0")[:_KEY_BYTES]
        return _checked(key, place.name, self._legible(place.file))

    def delete(self, name: str) -> None:
        """Remove it. NOT_FOUND when there is none of that name."""
        place = _place(name)
        if self.size(name) is None:
            raise UfsError(UfsFault.NOT_FOUND, name)
        if place.file is None:
            del self._ram[place.name]
        else:
            self._ufs.delete_system(place.file)

    def _own_key(self) -> bytes:
        """The device's key; a device that has none (or a broken one) gets one now."""
        key = self._legible(_KEY_FILE)
        if len(key) != _KEY_BYTES:
            key = _new_key(self._seed, "flash.vault.nvram")
            self._ufs.write_system(_KEY_FILE, key)
        return key

    def _legible(self, file: str) -> bytes:
        """A system file, as far as a damaged flash gives it away."""
        try:
            return self._ufs.read_system(file) or b""
        except UfsError:
            return b""


class _Place(NamedTuple):
    """Where a name leads: to a system file, or to memory."""

    name: str  # its label: one of the spellings that mean the same
    file: str | None


def _place(name: str) -> _Place:
    label = label_of(name)
    storage, _, rest = label.partition(":")
    if storage not in (SLOTS, MEMORY):
        raise UfsError(UfsFault.BAD_NAME, repr(name))
    check_name(rest)
    return _Place(label, system_name(label) if storage == SLOTS else None)


def _new_key(seed: int, purpose: str) -> bytes:
    stream = Stream(seed, purpose)
    return b"".join(stream.u64().to_bytes(8, "big") for _ in range(_KEY_BYTES // 8))


def _sealed(key: bytes, name: str, data: bytes) -> bytes:
    """The blob that holds `data`."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # not for those who need none

    header = _HEADER.pack(_VERSION, len(data), checksum(data))
    nonce = hmac(key, name.encode() + b"\0" + data, sha256)[:_NONCE_BYTES]
    return header + nonce + AESGCM(key).encrypt(nonce, data, name.encode() + header)


def _checked(key: bytes, name: str, blob: bytes) -> tuple[bool, bytes]:
    """Is the blob whole? And what is in it, whole or not."""
    header, rest = blob[: _HEADER.size], blob[_HEADER.size :]
    nonce, rest = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
    content, tag = rest[:-_TAG_BYTES], rest[-_TAG_BYTES:]
    is_whole, data = _decrypted(key, nonce, content, tag, name.encode() + header)
    is_whole = is_whole and header == _HEADER.pack(_VERSION, len(data), checksum(data))
    return is_whole, data


def _decrypted(
    key: bytes, nonce: bytes, content: bytes, tag: bytes, context: bytes
) -> tuple[bool, bytes]:
    """What decrypting gives, and whether the tag says that it is genuine."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    mode = modes.GCM(nonce.ljust(_NONCE_BYTES, b"\0"))
    decryptor = Cipher(algorithms.AES256(key), mode).decryptor()
    decryptor.authenticate_additional_data(context)
    data = decryptor.update(content)
    if len(tag) < _TAG_BYTES:
        return False, data
    try:
        decryptor.finalize_with_tag(tag)
    except InvalidTag:
        return False, data
    return True, data
