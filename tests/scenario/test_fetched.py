"""Content of served files that is made or read with the scenario."""

from typing import Any

import pytest

from quecsim.firmware.package import PackageChecker
from quecsim.profiles.loader import load_profile
from quecsim.scenario.options import make_scenario

REVISION = load_profile("ec200t").identity.revision


def served(kind: str, file: dict[str, Any]) -> bytes:
    port = {"http": 80, "ftp": 21}[kind]
    service = {"host": "s.example", "port": port, "kind": kind, kind: {"files": {"/f": file}}}
    (made,) = make_scenario("ec200t", services=[service]).services
    content = getattr(made, kind).files["/f"]
    assert content.firmware is None
    return bytes(content.base64)


def manifest(data: bytes) -> tuple[str | None, str]:
    checker = PackageChecker({})
    checker.update(data)
    result = checker.result()
    assert result is not None
    return result.source, result.target


@pytest.mark.parametrize("kind", ["http", "ftp"])
def test_a_package_is_for_the_devices_own_revision(kind: str) -> None:
    data = served(kind, {"firmware": {"target": "NEW", "size_bytes": 30_000}})
    assert len(data) == 30_000
    assert manifest(data) == (REVISION, "NEW")


def test_or_for_another_one() -> None:
    data = served("http", {"firmware": {"target": "NEW", "source": "OLD"}})
    assert manifest(data) == ("OLD", "NEW")


def test_a_pem_of_the_authority() -> None:
    assert served("http", {"authority": "ca"}).startswith(b"-----BEGIN CERTIFICATE-----")
