"""AT+QFOTADL with the path of a package that AT+QFUPL has stored, as hosts for Linux do it."""

import msgspec
import pytest

from quecsim.profiles.loader import profile_names
from quecsim.profiles.schema import Profile
from tests.commands.fota import (
    TARGET,
    boot_texts,
    device,
    package,
    revision,
    system_sizes,
    urc,
    urcs,
)
from tests.device.bench import ERROR, OK, Bench

DEVICES = [name for name in profile_names() if getattr(device(name).fota, "paths", ())]
SPELLINGS = [("/data/ufs/x.bin", "x.bin"), ("UFS:x.bin", "UFS:x.bin"), ("ufs:/x", "/x")]


def stored(profile: Profile, data: bytes, name: str = "x.bin") -> Bench:
    bench = Bench(profile)
    bench.upload(f'AT+QFUPL="{name}",{len(data)},5,1', data)
    return bench


def whole_upgrade(profile: Profile) -> bytes:
    return urc("START") + urcs("UPDATING", range(1, 101)) + urc("END", 0) + boot_texts(profile)


def test_every_device_that_upgrades_can_do_so() -> None:
    assert {"ec200u", "ec200t", "ec200s", "eg912y", "uc200t", "ec25", "ec600n"} <= set(DEVICES)


@pytest.mark.parametrize("name", DEVICES)
@pytest.mark.parametrize(("path", "file"), SPELLINGS)
def test_a_stored_package_is_upgraded_by_its_path(name: str, path: str, file: str) -> None:
    profile = device(name)
    data = package(profile)
    bench = stored(profile, data, file)
    assert bench.ask(f'AT+QFOTADL="{path}"') == OK + whole_upgrade(profile)
    assert revision(bench) == TARGET
    assert bench.file(file.removeprefix("UFS:").removeprefix("/")) == data, "it is the host's"
    assert not any("fota" in system for system in system_sizes(bench))


def test_a_path_may_have_directories() -> None:
    profile = device("ec200u")
    bench = stored(profile, package(profile), "/fota/x.bin")
    assert bench.ask('AT+QFOTADL="/data/ufs/fota/x.bin"').startswith(OK + urc("START"))
    assert revision(bench) == TARGET


@pytest.mark.parametrize("name", DEVICES)
@pytest.mark.parametrize(
    "path",
    ["/data/ufs/none.bin", "UFS:none.bin", "UFS:", "/data/ufs/", "x.bin", "RAM:x.bin", "/x.bin",
     "/data/ufs/../x.bin", "UFS:../x.bin", "/data/ufs//x.bin", "UFS://x.bin", "/data/ram/x.bin"],
)  # fmt: skip
def test_what_names_no_package_is_error_at_once(name: str, path: str) -> None:
    profile = device(name)
    bench = stored(profile, package(profile))
    before = bench.image()
    assert bench.ask(f'AT+QFOTADL="{path}"') == ERROR
    assert bench.image() == before
    assert revision(bench) == profile.identity.revision


def test_or_at_the_end_where_the_profile_says_so() -> None:
    profile = device("ec200u")
    assert profile.fota is not None
    late = msgspec.structs.replace(profile.fota, missing_package="end")
    profile = msgspec.structs.replace(profile, fota=late)
    reply = Bench(profile).ask('AT+QFOTADL="UFS:x.bin"')
    assert reply == OK + urc("START") + urc("END", 506) + boot_texts(profile)


@pytest.mark.parametrize("name", DEVICES)
def test_a_damaged_package_ends_with_506_and_one_for_another_firmware_with_504(name: str) -> None:
    profile = device(name)
    whole = package(profile)
    bad = whole[:5000] + b"\xff" + whole[5001:]
    for data, error in ((bad, 506), (whole[:-1], 506), (package(profile, source="R0"), 504)):
        bench = stored(profile, data)
        reply = bench.ask('AT+QFOTADL="UFS:x.bin"')
        assert reply == OK + urc("START") + urc("END", error) + boot_texts(profile)
        assert revision(bench) == profile.identity.revision
        assert bench.file("x.bin") == data


def test_a_package_that_is_open_is_not_taken() -> None:
    profile = device("ec200u")
    bench = stored(profile, package(profile))
    bench.ask('AT+QFOPEN="x.bin",2')
    assert bench.ask('AT+QFOTADL="UFS:x.bin"') == ERROR


@pytest.mark.parametrize("line", ['"FILE:1000"', '"FILE:1000",1,50', '"UFS:x.bin",2', "UFS:x"])
def test_an_ec200u_takes_no_package_over_its_serial_port(line: str) -> None:
    profile = device("ec200u")
    bench = stored(profile, package(profile))
    assert bench.ask(f"AT+QFOTADL={line}") == ERROR
    assert bench.ask("AT+QFOTADL=?") == OK


@pytest.mark.parametrize("name", ["ec200t", "ec200u"])
def test_with_the_arguments_of_the_newer_generation(name: str) -> None:
    """0 restarts first; then START comes at the next start, as many UPDATING as were asked for."""
    profile = device(name)
    bench = stored(profile, package(profile))
    said = bench.ask('AT+QFOTADL="/data/ufs/x.bin",0,0,5')
    told = urc("START") + urcs("UPDATING", range(20, 101, 20)) + urc("END", 0)
    assert said == OK + told + boot_texts(profile)
    assert revision(bench) == TARGET


def test_an_upgrade_that_waits_for_its_restart_survives_the_power() -> None:
    profile = device("ec200t")
    bench = stored(profile, package(profile), "a b.bin")
    bench.send(b'AT+QFOTADL="UFS:a b.bin",0\r')
    bench.until(OK)
    bench.run_for(500_000_000)
    bench.rig.cut_power(bench.now_ns)
    bench.rig.power_on(bench.now_ns)
    bench.rest()
    assert revision(bench) == TARGET


def test_a_device_without_paths_has_no_such_form() -> None:
    profile = device("ec200t")
    assert profile.fota is not None
    older = msgspec.structs.replace(profile.fota, paths=())
    bench = stored(msgspec.structs.replace(profile, fota=older), package(profile))
    assert bench.ask('AT+QFOTADL="UFS:x.bin"') == ERROR
