import pytest

from quecsim.commands import storage
from quecsim.report.lines import plain_name, renewed_name, upload_target


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ('+QFUPL="UFS:a,b;c.pem",5,5,1', ("+QFUPL", "a,b;c.pem", True)),
        ("+QFUPL=x.pem", ("+QFUPL", "x.pem", True)),
        ('+cmee=2;+qfupl="/x",5', ("+QFUPL", "x", True)),
        ('E0+QFUPL="x"', ("+QFUPL", "x", True)),
        ("+QFWRITE=3000,10", ("+QFWRITE", "file handle 3000", False)),
        ('+QSECWRITE="NVRAM:CA0",1188', ("+QSECWRITE", "NVRAM:CA0", True)),
        ('+QFUPL="x', ("+QFUPL", "", False)),
        ("+QSECWRITE?", None),
        ('+QSECREAD="NVRAM:CA0"', None),
        ("+QFUPL=?", None),
        ("+QFUPL?", None),
        ("+QFLST", None),
        ("", None),
        ("!!", None),
    ],
)
def test_which_upload_a_line_asks_for(line: str, target: tuple[str, str, bool] | None) -> None:
    assert upload_target(line) == target


def test_which_file_a_line_renews() -> None:
    assert renewed_name('+QFOPEN="UFS:x",1') == "x"
    assert renewed_name('+QFDEL="x"') == "x"
    assert renewed_name('+QSECDEL="RAM:x"') == "RAM:x"
    assert renewed_name("+QFOPEN?") is None
    assert renewed_name('+QFUPL="x"') is None


@pytest.mark.parametrize("text", ["x", "UFS:x", "ufs:/x", "/x", "UFS:", "RAM:x", "UFS", ""])
def test_a_name_is_read_as_the_device_reads_it(text: str) -> None:
    assert plain_name(text) == storage.plain_name(text)
