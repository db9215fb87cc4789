"""A package by AT+QFUPL, then the upgrade by its path, against simulated devices."""

import pytest

from quecsim.firmware.package import build_package
from quecsim.host.plan import FotaOptions, UploadPlan, UploadResult, Via
from quecsim.profiles.loader import load_profile
from quecsim.scenario.options import make_scenario
from quecsim.testing.own_uploader import run_plan

TARGET = "NEXT01A01"


def upgraded(device: str, *, source: str = "", fota: FotaOptions | None = None) -> UploadResult:
    package = build_package(bytes(5000), source or load_profile(device).identity.revision, TARGET)
    plan = UploadPlan(
        "UFS:x.bin", package, ack=True, via=Via.QFOTADL_PATH, fota=fota or FotaOptions()
    )
    result, _ = run_plan(make_scenario(device), plan)
    return result


@pytest.mark.parametrize("device", ["ec200u", "uc200t", "ec200t"])
def test_the_device_comes_back_with_the_new_revision(device: str) -> None:
    result = upgraded(device)
    assert (result.problems, result.verified) == ([], True)
    assert (result.revision_before, result.revision_after) == (
        load_profile(device).identity.revision,
        TARGET,
    )
    assert (result.upgrade_error, result.updating, result.acks) == (0, 100, 4)
    assert result.reported_checksum == result.file_checksum


def test_the_arguments_of_the_newer_generation() -> None:
    result = upgraded("ec200t", fota=FotaOptions(upgrade_mode=0, update_urcs=5))
    assert result.verified
    assert result.revision_after == TARGET


def test_a_package_for_another_firmware() -> None:
    result = upgraded("ec200u", source="R0")
    assert (result.ok, result.verified, result.upgrade_error) == (False, False, 504)
    assert result.problems[0].startswith("END 504")


def test_a_device_without_upgrades_has_the_file_and_refuses() -> None:
    result = upgraded("m95")
    assert not result.verified
    assert result.listed_bytes == result.file_bytes
    assert result.problems == [
        "the package is stored, but the module refused the upgrade: ERROR; this one may not have "
        "AT+QFOTADL, or not by path"
    ]
