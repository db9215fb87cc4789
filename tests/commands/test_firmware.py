"""What the flash remembers of the firmware."""

import pytest

from quecsim.commands import firmware
from quecsim.flash.ufs import Ufs
from quecsim.profiles.loader import load_profile
from quecsim.rig import RigConfig
from quecsim.rig.storage import new_nor
from tests.commands.fota import revision
from tests.device.bench import OK, Bench

DEVICE, OTHER = load_profile("ec200t"), load_profile("m95")


def blank() -> Ufs:
    return Ufs(new_nor(DEVICE, RigConfig(), None))


def test_a_new_flash_has_the_profiles_firmware() -> None:
    ufs = blank()
    assert firmware.revision(ufs, DEVICE) == DEVICE.identity.revision
    assert not firmware.is_broken(ufs, DEVICE)
    assert firmware.pending(ufs) is None


def test_an_upgrade_from_begin_to_end() -> None:
    ufs = blank()
    with_package(ufs)
    firmware.begin_upgrade(ufs)
    assert firmware.is_broken(ufs, DEVICE)  # if the power goes now
    firmware.end_upgrade(ufs, "NEW")
    assert not firmware.is_broken(ufs, DEVICE)
    assert firmware.revision(ufs, DEVICE) == "NEW"
    assert firmware.pending(ufs) is None
    assert ufs.system_size("fota-package") is None


def test_restoring_is_a_fresh_start() -> None:
    ufs = blank()
    firmware.end_upgrade(ufs, "NEW")
    with_package(ufs)
    firmware.begin_upgrade(ufs)
    firmware.restore(ufs)
    assert firmware.revision(ufs, DEVICE) == DEVICE.identity.revision
    assert not firmware.is_broken(ufs, DEVICE)
    assert firmware.pending(ufs) is None
    assert ufs.system_size("fota-package") is None
    firmware.restore(ufs)  # nothing to do is fine


def test_a_device_without_upgrades_looks_at_none_of_it() -> None:
    ufs = blank()
    firmware.begin_upgrade(ufs)
    firmware.end_upgrade(ufs, "NEW")
    firmware.begin_upgrade(ufs)
    assert firmware.revision(ufs, OTHER) == OTHER.identity.revision
    assert not firmware.is_broken(ufs, OTHER)


def with_package(ufs: Ufs) -> None:
    file = firmware.create_package(ufs)
    file.write(b"package")
    file.close()
    firmware.postpone(ufs, 50)
    assert firmware.pending(ufs) == (50, "")


@pytest.mark.parametrize("stored", [b"", b"\xff\xfe", b"A\nB", b"x" * 81, b"caf\xc3\xa9"])
def test_an_illegible_revision_is_none(stored: bytes) -> None:
    ufs = blank()
    ufs.write_system("firmware-revision", stored)
    assert firmware.revision(ufs, DEVICE) == DEVICE.identity.revision
    bench = Bench(DEVICE, image=image_with("firmware-revision", stored))
    assert revision(bench) == DEVICE.identity.revision


@pytest.mark.parametrize(
    "stored", [b"", b"x", b"-1", b"4", b"101", b"999", b" 50", b"5_0", b"\xd9\xa5\xd9\xa0"]
)
def test_a_package_that_waits_illegibly_is_dropped(stored: bytes) -> None:
    bench = Bench(DEVICE, image=image_with("fota-pending", stored, package=True))
    ufs = bench.rig.device.context.ufs
    assert ufs.system_size("fota-pending") is None
    assert ufs.system_size("fota-package") is None
    assert bench.ask("AT") == OK


@pytest.mark.parametrize("count", firmware.URC_COUNTS)
def test_what_the_host_may_ask_for_waits(count: int) -> None:
    ufs = blank()
    firmware.postpone(ufs, count)
    found = firmware.pending(ufs)
    assert (None if found is None else found[0]) == count


def image_with(name: str, stored: bytes, *, package: bool = False) -> bytes:
    """A flash whose system file holds that, beside a package or not."""
    size = DEVICE.files.block_bytes * DEVICE.files.block_count
    flash = bytearray(b"\xff") * size
    ufs = Ufs(new_nor(DEVICE, RigConfig(), flash))
    if package:
        with_package(ufs)
    ufs.write_system(name, stored)
    return bytes(flash)
