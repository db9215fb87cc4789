import pytest

from quecsim.flash.labels import label_of, split_spelling, system_name


@pytest.mark.parametrize(
    ("spellings", "label"),
    [
        (("x", "/x", "UFS:x", "ufs:/x"), "x"),
        (("RAM:x", "ram:x", "Ram:/x"), "RAM:x"),
        (("NVRAM:CA0", "nvram:ca0", "NVRAM:ca0", "nvram:CA0"), "NVRAM:CA0"),
        (("SD:x",), "SD:x"),
        (("",), ""),
        (("UFS:",), ""),
        (("ram",), "ram"),
        (("//x",), "/x"),
    ],
)
def test_all_spellings_have_one_label(spellings: tuple[str, ...], label: str) -> None:
    assert {label_of(text) for text in spellings} == {label}


def test_names_of_files_are_told_apart_by_case() -> None:
    assert len({label_of(text) for text in ("x", "X", "RAM:x", "RAM:X")}) == 4


def test_the_storage_and_the_name() -> None:
    assert split_spelling("ram:x") == ("RAM", "x")
    assert split_spelling("sd:x") == ("UFS", "sd:x")


def test_the_system_file_of_a_label() -> None:
    assert system_name(label_of("nvram:Ca0")) == "nvram-ca0"
    assert system_name("FOTA:package") == "fota-package"
