"""The flash of a run, and what is on it before the run begins."""

from contextlib import suppress
from functools import lru_cache

from quecsim.commands import firmware
from quecsim.faults.injector import prepare
from quecsim.flash.nor import Nor, Storage
from quecsim.flash.timing import FlashMode, FlashTiming
from quecsim.flash.ufs import Ufs, UfsError
from quecsim.flash.volume import format_nor
from quecsim.profiles.schema import Profile
from quecsim.rig.config import RigConfig
from quecsim.units import ms, us


def new_ufs(profile: Profile, config: RigConfig, nor: Nor) -> Ufs:
    """The file system on `nor`, with the files that the run begins with."""
    files = profile.files
    ufs = Ufs(
        nor,
        name_bytes=files.name_bytes,
        cache_bytes=files.cache_bytes,
        directories=files.directories,
        most_bytes=files.ufs_bytes,
    )
    with suppress(UfsError):
        ufs.listing()  # what was there before is older than whatever comes now
    ufs.write_files(config.contents)
    prepare(ufs, config.faults)
    if config.restores_firmware:
        firmware.restore(ufs)
    return ufs


def new_nor(profile: Profile, config: RigConfig, storage: Storage | None) -> Nor:
    """The flash of `profile`, blank or in `storage`."""
    flash, files = profile.flash, profile.files
    timing = FlashTiming(
        page_bytes=flash.page_bytes,
        program_page_typ_ns=us(flash.program_page_typ_us),
        program_page_max_ns=us(flash.program_page_max_us),
        erase_block_typ_ns=ms(flash.erase_block_typ_ms),
        erase_block_max_ns=ms(flash.erase_block_max_ms),
        read_byte_ns=flash.read_byte_ns,
        mode=config.flash_mode,
        seed=config.seed,
    )
    nor = Nor(files.block_bytes, files.block_count, timing, storage, seed=config.seed)
    if storage is None:
        geometry = files.block_bytes, files.block_count, flash.page_bytes, files.cache_bytes
        nor.take_over(_formatted(*geometry))
    return nor


@lru_cache(maxsize=16)
def _formatted(block_bytes: int, block_count: int, page_bytes: int, cache_bytes: int) -> Nor:
    """A flash with an empty file system, to be copied: making one takes longer than all else that a
    new device is made of.
    """
    timing = FlashTiming(page_bytes=page_bytes, mode=FlashMode.INSTANT)
    nor = Nor(block_bytes, block_count, timing)
    format_nor(nor, cache_bytes)
    return nor
