"""Several checks: from a suite file, or all of a device."""

from pathlib import Path

import pytest

from quecsim.check.suite import SuiteEntry, all_of, read_suite
from quecsim.errors import QuecsimError
from quecsim.scenario.loader import load_scenario


def suite(folder: Path, text: str) -> Path:
    path = folder / "suite.toml"
    path.write_text(text)
    return path


def test_a_suite_names_checks_and_their_options(tmp_path: Path) -> None:
    entries, file = read_suite(
        suite(
            tmp_path,
            'title = "Ours"\nfile = "ca.pem"\n[[check]]\nscenario = "thread-57329"\n'
            '[[check]]\nscenario = "./mine.toml"\nexpect = "honest"\nrepeat = 3\nvary_seed = true\n'
            'allow = ["gave-up-early"]\nseed = 7\nname = "UFS:x"\n',
        )
    )
    assert file == tmp_path / "ca.pem"
    assert [entry.scenario for entry in entries] == ["thread-57329", str(tmp_path / "mine.toml")]
    assert entries[0].words() == []
    assert sorted(entries[1].words()) == sorted(
        ["--allow=gave-up-early", "--name=UFS:x", "--expect=honest", "--repeat=3", "--seed=7",
         "--vary-seed"]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "check is missing"),
        ("check = []", "there is nothing to check"),
        ('[[check]]\nscenari = "x"', 'unknown key "scenari"'),
        ('[[check]]\nscenario = "x"\nexpect = "luck"', "check[1].expect must be"),
        ('[[check]]\nscenario = "a\\u0000b"', ": scenario holds a NUL"),
        ('[[check]]\nscenario = "x"\nname = "\\u0000"', "name holds a NUL"),
        ('[[check]]\nscenario = "x"\nallow = ["\\u0000"]', "allow holds a NUL"),
        ('file = "\\u0000"\n[[check]]\nscenario = "x"', "file holds a NUL"),
        ('[[check]]\nscenario = "--help"', "no scenario is called '--help'"),
        ('program = ["rm"]\n[[check]]\nscenario = "x"', 'unknown key "program"'),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(QuecsimError) as raised:
        read_suite(suite(tmp_path, text))
    assert message in str(raised.value)


def test_a_path_is_never_taken_for_an_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    suite(tmp_path, '[[check]]\nscenario = "./-x.toml"\n')
    entries, _file = read_suite(Path("suite.toml"))
    assert [entry.scenario for entry in entries] == ["./-x.toml"]


@pytest.mark.parametrize("device", [None, "m95", "FCM242D"])
def test_all_of_a_device(device: str | None) -> None:
    entries = all_of(device)
    assert len(entries) >= 2
    for entry in entries:
        assert load_scenario(entry.scenario).device == (device or "ec200u").lower()


def test_all_of_a_profile_are_those_of_the_device_that_it_extends(tmp_path: Path) -> None:
    (tmp_path / "first.toml").write_text('extends = "m95"\ntitle = "Ours"\n')
    (tmp_path / "second.toml").write_text('extends = "first.toml"\ntitle = "Ours, again"\n')
    assert all_of(str(tmp_path / "second.toml")) == all_of("m95")


def test_a_device_that_there_is_not() -> None:
    with pytest.raises(QuecsimError, match='no device is called "ec200x"'):
        all_of("ec200x")


def test_an_entry_of_a_name_alone() -> None:
    assert SuiteEntry("ec200u").words() == []
