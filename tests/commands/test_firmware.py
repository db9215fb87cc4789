"""What the flash remembers of the firmware."""

from quecsim.commands import firmware
from quecsim.flash.ufs import Ufs
from quecsim.profiles.loader import load_profile
from quecsim.rig import RigConfig
from quecsim.rig.config import new_nor

DEVICE, OTHER = load_profile("ec200t"), load_profile("ec200u")


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
    assert firmware.pending(ufs) == 50
