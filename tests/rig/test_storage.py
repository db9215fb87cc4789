"""What is on the flash when a run begins."""

from quecsim.faults import ExistingFile
from quecsim.rig import RigConfig
from quecsim.rig.storage import new_nor, new_ufs
from tests.device.bench import shipped


def test_it_begins_with_the_files_of_the_run_and_of_its_faults() -> None:
    config = RigConfig(contents={"a": b"1"}, faults=(ExistingFile(name="UFS:b", bytes_count=2),))
    ufs = new_ufs(shipped(), config, new_nor(shipped(), config, None))
    assert dict(ufs.files()) == {"a": 1, "b": 2}


def test_another_run_finds_them_in_the_same_storage() -> None:
    files = shipped().files
    storage = bytearray(b"\xff" * (files.block_bytes * files.block_count))
    first, later = RigConfig(contents={"a": b"1"}), RigConfig()
    new_ufs(shipped(), first, new_nor(shipped(), first, storage))
    ufs = new_ufs(shipped(), later, new_nor(shipped(), later, storage))
    assert ufs.read_file("a") == b"1"
