"""The vault: what goes in is checked and never comes out; whatever is damaged is noticed."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.checksum import checksum
from quecsim.flash.nor import Nor, PowerCut
from quecsim.flash.timing import FlashMode, FlashTiming
from quecsim.flash.ufs import Ufs, UfsError, UfsFault
from quecsim.flash.vault import Vault
from tests.flash.timed import timed

BLOCK, BLOCKS = 4096, 64
CERTIFICATE = b"-----BEGIN CERTIFICATE-----\r\n" + bytes(range(256)) * 6
BOTH = pytest.mark.parametrize("name", ["NVRAM:CA0", "RAM:ca.pem"])
CA0 = "nvram-ca0"


def flash(storage: bytearray | None = None, mode: FlashMode = FlashMode.INSTANT) -> Nor:
    return Nor(BLOCK, BLOCKS, FlashTiming(mode=mode), storage)


def image(nor: Nor) -> bytes:
    return bytes(nor.read(0, BLOCK * nor.block_count))


def blob_of(ufs: Ufs) -> bytes:
    blob = ufs.read_system(CA0)
    assert blob is not None
    return blob


def fault(operation: Callable[[], object]) -> UfsFault:
    with pytest.raises(UfsError) as caught:
        operation()
    return caught.value.kind


@BOTH
@pytest.mark.parametrize("size", [1, 2, 999, 2017, 32768])
def test_what_was_written_is_good(name: str, size: int) -> None:
    vault = Vault(Ufs(flash()), seed=1)
    data = (CERTIFICATE * 30)[:size]
    assert vault.size(name) is None
    vault.write(name, data)
    assert vault.size(name) == size
    assert vault.check(name) == (True, checksum(data))


@BOTH
def test_what_is_not_there(name: str) -> None:
    vault = Vault(Ufs(flash()), seed=1)
    assert fault(lambda: vault.check(name)) is UfsFault.NOT_FOUND
    assert fault(lambda: vault.delete(name)) is UfsFault.NOT_FOUND
    vault.write(name, b"x")
    vault.delete(name)
    assert vault.size(name) is None
    assert fault(lambda: vault.check(name)) is UfsFault.NOT_FOUND


@BOTH
def test_writing_again_replaces(name: str) -> None:
    vault = Vault(Ufs(flash()), seed=1)
    vault.write(name, CERTIFICATE)
    vault.write(name, b"\1\2")
    assert (vault.size(name), vault.check(name)) == (2, (True, 0x102))


def test_ram_goes_and_nvram_stays() -> None:
    nor = flash()
    vault = Vault(Ufs(nor), seed=1)
    vault.write("RAM:a", CERTIFICATE)
    vault.write("RAM:b", b"xyz")
    vault.write("NVRAM:CA0", CERTIFICATE)
    assert vault.used_ram_bytes == len(CERTIFICATE) + 3
    again = Vault(Ufs(nor), seed=2)  # the key is the image's, whatever the seed now
    assert again.used_ram_bytes == 0
    assert again.size("RAM:a") is None
    assert again.check("NVRAM:CA0") == vault.check("NVRAM:CA0")
    assert again.check("NVRAM:CA0")[0]


def test_ram_never_touches_the_flash() -> None:
    nor = flash(mode=FlashMode.TYPICAL)
    ufs = Ufs(nor)
    before = image(nor)
    vault = Vault(ufs, seed=1)
    for operation in (lambda: vault.write("RAM:a", b"x"), lambda: vault.check("RAM:a")):
        assert timed(nor, operation)[1].duration_ns == 0
    assert vault.check("RAM:a")[0]
    assert image(nor) == before


def test_nvram_is_work_for_the_flash() -> None:
    nor = flash(mode=FlashMode.TYPICAL)
    vault = Vault(Ufs(nor), seed=1)
    _, written = timed(nor, lambda: vault.write("NVRAM:CA0", CERTIFICATE))
    (good, _), checked = timed(nor, lambda: vault.check("NVRAM:CA0"))
    assert good
    assert written.ops
    assert written.duration_ns > checked.duration_ns > 0
    assert checked.ops == []


def test_names() -> None:
    vault = Vault(Ufs(flash()), seed=1)
    for name in ("CA0", "UFS:a", "NVRAM:", "RAM:", "NVRAM:a/b", "RAM:a/b", "NVRAM:a b", "RAM:\xe9"):
        assert fault(lambda name=name: vault.write(name, b"x")) is UfsFault.BAD_NAME  # type: ignore[misc]
        assert fault(lambda name=name: vault.size(name)) is UfsFault.BAD_NAME  # type: ignore[misc]
    vault.write("nvram:ca0", b"x")
    vault.write("ram:a", b"x")
    assert vault.check("NVRAM:CA0") == vault.check("NVRAM:ca0") == vault.check("RAM:a")
    assert vault.size("RAM:A") is None


def test_the_cipher_is_loaded_only_when_it_is_used() -> None:
    source = """
import sys
from quecsim.flash.nor import Nor
from quecsim.flash.timing import FlashMode, FlashTiming
from quecsim.flash.ufs import Ufs
from quecsim.flash.vault import Vault
vault = Vault(Ufs(Nor(4096, 16, FlashTiming(mode=FlashMode.INSTANT))), 1)
assert vault.size("NVRAM:CA0") is None
print("cryptography" in sys.modules)
vault.write("RAM:a", b"x")
print("cryptography" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.split() == ["False", "True"], done.stderr


# at rest


def test_the_image_does_not_hold_the_content() -> None:
    nor = flash()
    Vault(Ufs(nor), seed=1).write("NVRAM:CA0", CERTIFICATE)
    pieces = {CERTIFICATE[at : at + 16] for at in range(len(CERTIFICATE) - 16)}
    raw = image(nor)
    assert len(pieces) > 250
    assert not any(piece in raw for piece in pieces)


def test_the_same_inputs_give_the_same_image() -> None:
    def made(seed: int, data: bytes) -> bytes:
        nor = flash()
        vault = Vault(Ufs(nor), seed)
        vault.write("NVRAM:CA0", data)
        vault.write("NVRAM:CK0", data)
        return image(nor)

    assert made(1, CERTIFICATE) == made(1, CERTIFICATE)
    assert made(1, CERTIFICATE) != made(2, CERTIFICATE)
    assert made(1, CERTIFICATE) != made(1, CERTIFICATE[:-1] + b"!")


def test_no_nonce_is_used_for_two_contents() -> None:
    ufs = Ufs(flash())
    vault = Vault(ufs, seed=1)
    nonces = set()
    for name in ("CA0", "CA1"):
        for data in (b"a", b"b", b"ab"):
            vault.write(f"NVRAM:{name}", data)
            blob = ufs.read_system(f"nvram-{name.lower()}")
            assert blob is not None
            nonces.add(blob[7:19])
    assert len(nonces) == 6


# damage


def vault_with(data: bytes) -> tuple[Ufs, Vault]:
    ufs = Ufs(flash())
    vault = Vault(ufs, seed=1)
    vault.write("NVRAM:CA0", data)
    return ufs, vault


@settings(max_examples=150, deadline=None)
@given(st.data(), st.binary(min_size=1, max_size=300))
def test_any_damaged_byte_is_noticed(choose: st.DataObject, data: bytes) -> None:
    ufs, vault = vault_with(data)
    blob = bytearray(blob_of(ufs))
    at = choose.draw(st.integers(0, len(blob) - 1))
    blob[at] ^= choose.draw(st.integers(1, 255))
    ufs.write_system(CA0, bytes(blob))
    good, _ = vault.check("NVRAM:CA0")
    assert not good
    assert vault.size("NVRAM:CA0") == len(data)


def test_every_byte_and_every_length_of_one_blob() -> None:
    ufs, vault = vault_with(b"abc")
    blob = blob_of(ufs)
    damaged = [blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :] for at in range(len(blob))]
    cut = [blob[:length] for length in range(len(blob))]
    for bad in (*damaged, *cut, blob + b"\0", bytes(len(blob)), b"\xff" * 5_000):
        ufs.write_system(CA0, bad)
        assert vault.check("NVRAM:CA0")[0] is False
    ufs.write_system(CA0, blob)
    assert vault.check("NVRAM:CA0") == (True, checksum(b"abc"))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=40))
def test_rubbish_is_never_more_than_not_good(blob: bytes, key: bytes) -> None:
    ufs, vault = vault_with(b"abc")
    ufs.write_system(CA0, blob)
    ufs.write_system("vault.key", key)
    assert vault.check("NVRAM:CA0")[0] is False
    assert vault.size("NVRAM:CA0") == max(0, len(blob) - 35)


def test_the_checksum_is_that_of_what_decrypting_gave() -> None:
    ufs, vault = vault_with(b"\x12\x34")
    blob = bytearray(blob_of(ufs))
    blob[19] ^= 0x40  # in counter mode the same bit of the content turns over
    ufs.write_system(CA0, bytes(blob))
    assert vault.check("NVRAM:CA0") == (False, 0x5234)


def test_a_blob_of_another_name_is_not_good() -> None:
    ufs, vault = vault_with(CERTIFICATE)
    ufs.write_system("nvram-ca1", blob_of(ufs))
    assert vault.check("NVRAM:CA1") == (False, checksum(CERTIFICATE))


def test_damage_in_the_image_is_noticed() -> None:
    nor = flash()
    ufs = Ufs(nor)
    Vault(ufs, seed=1).write("NVRAM:CA0", CERTIFICATE)
    raw = bytearray(image(nor))
    at = raw.index(blob_of(ufs)[100:900])
    raw[at + 400] ^= 0x10
    vault = Vault(Ufs(flash(raw)), seed=1)
    assert vault.check("NVRAM:CA0")[0] is False
    vault.delete("NVRAM:CA0")
    vault.write("NVRAM:CA0", CERTIFICATE)
    assert vault.check("NVRAM:CA0")[0] is True


def test_a_file_that_the_flash_cannot_read_is_not_good() -> None:
    nor = flash()
    ufs = Ufs(nor)
    Vault(ufs, seed=1).write("NVRAM:CA0", CERTIFICATE * 8)
    raw = bytearray(image(nor))
    last_block = raw.index(blob_of(ufs)[-100:]) // BLOCK * BLOCK
    raw[last_block : last_block + 8] = b"\xff" * 8  # where the blocks before it lie
    ufs = Ufs(flash(raw))
    assert fault(lambda: ufs.read_system(CA0)) is UfsFault.READ_FAILED
    assert Vault(ufs, seed=1).check("NVRAM:CA0") == (False, 0)


def test_without_its_key_nothing_is_good_and_checking_makes_no_key() -> None:
    ufs, vault = vault_with(CERTIFICATE)
    ufs.delete_system("vault.key")
    assert vault.check("NVRAM:CA0")[0] is False
    assert ufs.read_system("vault.key") is None
    ufs.write_system("vault.key", bytes(31))
    assert vault.check("NVRAM:CA0")[0] is False
    vault.write("NVRAM:CA1", CERTIFICATE)
    assert vault.check("NVRAM:CA1")[0] is True


def test_another_device_cannot_read_it() -> None:
    ufs, _ = vault_with(CERTIFICATE)
    other = Ufs(flash())
    vault = Vault(other, seed=2)
    vault.write("NVRAM:CK0", b"x")
    other.write_system(CA0, blob_of(ufs))
    assert vault.check("NVRAM:CA0")[0] is False
    assert vault.check("NVRAM:CK0")[0] is True


# a full disk, a power cut


def test_what_does_not_fit_is_not_there() -> None:
    ufs = Ufs(Nor(BLOCK, 16, FlashTiming(mode=FlashMode.INSTANT)))
    vault = Vault(ufs, seed=1)
    ufs.write_file("rest", bytes(ufs.free_bytes() + 2 * BLOCK))
    assert fault(lambda: vault.write("NVRAM:CA0", bytes(8_000))) is UfsFault.NO_SPACE
    assert vault.size("NVRAM:CA0") is None
    ufs.delete("rest")
    vault.write("NVRAM:CA0", CERTIFICATE)
    assert vault.check("NVRAM:CA0")[0]


def test_a_cut_at_every_operation() -> None:
    """There is no certificate, or an empty one that is not good, or all of it."""
    found: list[tuple[bool, int] | None] = []
    for operation in range(1, 100):
        nor = flash()
        ufs = Ufs(nor)
        nor.cut_after_operations = operation
        try:
            Vault(ufs, seed=1).write("NVRAM:CA0", CERTIFICATE)
        except PowerCut:
            vault = Vault(Ufs(nor), seed=1)
            size = vault.size("NVRAM:CA0")
            found.append(None if size is None else (vault.check("NVRAM:CA0")[0], size))
            vault.write("NVRAM:CA0", CERTIFICATE)
            assert vault.check("NVRAM:CA0")[0]
        else:
            break
    assert len(found) > 4
    assert set(found) <= {None, (False, 0), (True, len(CERTIFICATE))}
