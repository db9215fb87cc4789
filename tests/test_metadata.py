"""What the package says of itself to those who install it."""

import importlib.util
import sys
import tomllib
import types
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]


def hook() -> Any:
    """`hatch_build.py`, without hatchling, which only a build has."""
    for name in ("hatchling", "hatchling.metadata", "hatchling.metadata.plugin"):
        sys.modules.setdefault(name, types.ModuleType(name))
    interface: Any = types.ModuleType("hatchling.metadata.plugin.interface")
    interface.MetadataHookInterface = object
    sys.modules.setdefault(interface.__name__, interface)
    return _loaded("hatch_build")


def _loaded(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, ROOT / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "remote",
    [
        "https://git.example/owner/quecsim",
        "https://git.example/owner/quecsim.git\n",
        "https://user:secret@git.example/owner/quecsim.git",
        "git@git.example:owner/quecsim.git",
        "ssh://git@git.example/owner/quecsim.git",
    ],
)
def test_the_addresses_are_those_of_the_repository(remote: str) -> None:
    pages = hook().addresses(remote)
    assert pages["Homepage"] == pages["Source"] == "https://git.example/owner/quecsim"
    assert pages["Issues"] == "https://git.example/owner/quecsim/issues"
    assert pages["Changelog"].endswith("/CHANGELOG.md")
    assert "secret" not in str(pages)


@pytest.mark.parametrize("remote", ["", "/srv/git/quecsim", "../quecsim", "file:///x"])
def test_no_address_is_made_up(remote: str) -> None:
    assert hook().addresses(remote) == {}


def test_ci_runs_each_python_that_is_declared() -> None:
    yaml = pytest.importorskip("yaml")
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    assert workflow["jobs"]["ci"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]


def test_the_versions_of_python_are_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [one for one in project["classifiers"] if one.startswith("Programming Language")]
    assert declared == [f"Programming Language :: Python :: 3.{minor}" for minor in (11, 12, 13)]
    assert project["requires-python"] == ">=3.11"


def man_hook() -> Any:
    """`hatch_man.py`, likewise."""
    interface: Any = types.ModuleType("hatchling.builders.hooks.plugin.interface")
    interface.BuildHookInterface = object
    for name in ("hatchling", "hatchling.builders", "hatchling.builders.hooks"):
        sys.modules.setdefault(name, types.ModuleType(name))
    sys.modules.setdefault("hatchling.builders.hooks.plugin", types.ModuleType("plugin"))
    sys.modules.setdefault(interface.__name__, interface)
    return _loaded("hatch_man")


def test_a_wheel_has_man_pages_where_it_is_told_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "quecsim.1"
    page.touch()
    data: dict[str, Any] = {"shared_data": {}}
    monkeypatch.delenv("QUECSIM_MAN", raising=False)
    man_hook().ManPages().initialize("standard", data)
    assert data == {"shared_data": {}}
    monkeypatch.setenv("QUECSIM_MAN", str(tmp_path))
    man_hook().ManPages().initialize("standard", data)
    assert data == {"shared_data": {str(page): "share/man/man1/quecsim.1"}}


def test_a_folder_without_man_pages_was_not_meant(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no man pages"):
        man_hook().man_pages(tmp_path)
