"""`quecsim package`: what it makes is whole, what it shows is so, and the user's files are safe."""

import json
import os
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from quecsim.cli.package import package
from quecsim.errors import QuecsimError
from quecsim.firmware.package import Manifest, PackageChecker, build_package

REVISIONS = ("--source", "R1", "--target", "R2")
PAYLOAD = bytes(range(256)) * 700


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(package, [str(each) for each in arguments], standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result


@pytest.fixture
def app(tmp_path: Path) -> Path:
    path = tmp_path / "app.bin"
    path.write_bytes(PAYLOAD)
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "app.pkg"


def test_makes_a_whole_package(app: Path, out: Path) -> None:
    result = run(app, "-o", out, *REVISIONS)
    assert result.return_value == 0
    assert result.output.startswith(f"{out}: whole\n")
    checker = PackageChecker({})
    checker.update(out.read_bytes())
    assert checker.result() == Manifest("R1", "R2")
    assert PAYLOAD in out.read_bytes()


def test_json_for_making_and_showing(app: Path, out: Path) -> None:
    made = json.loads(run(app, "-o", out, *REVISIONS, "--json").output)
    assert made == {
        "file": str(out),
        "whole": True,
        "source": "R1",
        "target": "R2",
        "payload_bytes": len(PAYLOAD),
        "size_bytes": out.stat().st_size,
        "md5": md5(out.read_bytes()).hexdigest(),
    }
    assert json.loads(run("--show", out, "--json").output) == made


def show(path: Path, data: bytes) -> tuple[int, str, dict[str, Any]]:
    path.write_bytes(data)
    told = run("--show", path)
    assert told.return_value == run("--show", path, "--json").return_value
    first = told.output.splitlines()[0].removeprefix(f"{path}: ")
    return told.return_value, first, json.loads(run("--show", path, "--json").output)


def test_shows_what_is_wrong(out: Path) -> None:
    good = build_package(PAYLOAD, "R1", "R2")
    damaged = good[:500] + bytes([good[500] ^ 1]) + good[501:]
    header = good[:20] + b"!" + good[21:]
    for data, trouble in (
        (good[:-7], "damaged, missing bytes: 7"),
        (good + b"abc", "damaged, surplus bytes: 3"),
        (damaged, "damaged, its MD5 is wrong"),
    ):
        code, first, facts = show(out, data)
        assert (code, first) == (1, trouble)
        assert (facts["whole"], facts["target"]) == (False, "R2")
    for data in (b"", PAYLOAD, header):
        code, first, facts = show(out, data)
        assert (code, first) == (1, "not a package, or its header is damaged")
        assert (facts["whole"], facts["target"]) == (False, None)
        assert facts["md5"] == md5(data).hexdigest()


def mistake(*arguments: str | Path) -> str:
    with pytest.raises(QuecsimError) as caught:
        run(*arguments)
    return str(caught.value)


def test_a_file_is_replaced_only_by_force(app: Path, out: Path) -> None:
    out.write_bytes(b"precious")
    assert "--force replaces it" in mistake(app, "-o", out, *REVISIONS)
    assert out.read_bytes() == b"precious"
    run(app, "-o", out, *REVISIONS, "--force")
    assert out.read_bytes() == build_package(PAYLOAD, "R1", "R2")
    assert sorted(path.name for path in out.parent.iterdir()) == ["app.bin", "app.pkg"]


def test_force_makes_a_new_file_too_and_follows_a_link(app: Path, out: Path) -> None:
    run(app, "-o", out, *REVISIONS, "--force")
    link = out.with_name("link.pkg")
    link.symlink_to(out)
    run(app, "-o", link, "--source", "R2", "--target", "R3", "--force")
    assert link.is_symlink()
    assert out.read_bytes() == build_package(PAYLOAD, "R2", "R3")


def test_what_cannot_be_a_package_file(app: Path, tmp_path: Path) -> None:
    assert "goes into the package" in mistake(app, "-o", app, *REVISIONS, "--force")
    assert app.read_bytes() == PAYLOAD
    assert "not a regular file" in mistake(app, "-o", tmp_path, *REVISIONS, "--force")
    assert "not a regular file" in mistake(app, "-o", os.devnull, *REVISIONS, "--force")
    nowhere = tmp_path / "no" / "app.pkg"
    for options in ((), ("--force",)):
        text = mistake(app, "-o", nowhere, *REVISIONS, *options)
        assert text.startswith(f"{nowhere}: cannot write the package: no such file")
        assert "-o" in text


def test_a_write_that_fails_leaves_nothing(
    app: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[Path] = []

    def fail(self: Path, _place: Path) -> None:
        failed.append(self)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    assert "no space left on device" in mistake(app, "-o", out, *REVISIONS)
    assert not out.exists()
    out.write_bytes(b"precious")
    assert "no space left on device" in mistake(app, "-o", out, *REVISIONS, "--force")
    assert [path.name for path in out.parent.iterdir() if path != app] == ["app.pkg"]
    assert out.read_bytes() == b"precious"
    assert len(failed) == 2


def test_mistakes_say_what_to_do(app: Path, out: Path, tmp_path: Path) -> None:
    text = mistake(app, "--source", "R1")
    assert "missing --output, --target" in text
    assert "quecsim package FILE -o OUT" in text
    assert "--show only reads: it goes without --output, --force" in mistake(
        "--show", app, "-o", out, "--force"
    )
    missing = tmp_path / "missing"
    for arguments in ((missing, "-o", out, *REVISIONS), ("--show", missing), ("--show", tmp_path)):
        assert "cannot read the file" in mistake(*arguments)
    text = mistake(app, "-o", out, "--source", "R1", "--target", "")
    assert text.startswith("target: '' is not a revision")
    app.write_bytes(b"")
    assert "the payload is empty" in mistake(app, "-o", out, *REVISIONS)
    assert not out.exists()
