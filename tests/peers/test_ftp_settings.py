"""What an FTP server can be told to be, and what it cannot."""

from typing import Any

import msgspec
import pytest

from quecsim.peers.ftp_settings import FtpFile, FtpSettings, FtpTrouble


def test_a_table_is_read() -> None:
    table = """
users = { meter = "secret" }
folders = ["/empty", "/"]
denied = ["/fw/old", "/"]

[files]
"/fw/new.bin" = { base64 = "/wA=", modified = "2026-05-01" }
"/fw/drawn.bin" = { drawn_bytes = 10 }
"/a.txt" = { text = "ö" }
"/none" = {}

[[trouble]]
at = "RETR"
after_bytes = 5
reply = "451 no"
"""
    settings = msgspec.toml.decode(table, type=FtpSettings)
    files = {name: file.data(settings.seed, name) for name, file in settings.files.items()}
    assert files["/fw/new.bin"] == b"\xff\x00"
    assert files["/a.txt"] == "ö".encode()
    assert files["/none"] == b""
    assert len(files["/fw/drawn.bin"]) == 10
    assert settings.files["/fw/new.bin"].modified_s == 1_777_593_600
    assert settings.files["/a.txt"].modified_s is None
    assert settings.trouble == (FtpTrouble(at="RETR", after_bytes=5, reply="451 no"),)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"files": {"a": {}}}, "'a' is no whole path"),
        ({"files": {"/": {}}}, "a name of its own"),
        ({"files": {"/..": {}}}, "a name of its own|is no whole path"),
        ({"files": {"/a": {}, "//a": {}}}, "a name of its own"),
        ({"files": {"/a": {}}, "folders": ["/a"]}, "a name of its own"),
        ({"files": {"/a": {}, "/a/b": {}}}, "/a cannot be a file and a folder"),
        ({"files": {"/a": {}}, "folders": ["/a/b"]}, "/a cannot be a file and a folder"),
        ({"folders": ["/a\x00"]}, "is no whole path"),
        ({"denied": ["a"]}, "'a' is no whole path"),
        ({"files": {"/a": {"text": "a", "drawn_bytes": 1}}}, "its content is one of text"),
        ({"files": {"/a": {"modified": "yesterday"}}}, "'yesterday' is no date"),
        ({"implicit": True, "requires_tls": True}, "required anyway"),
        ({"pasv_address": "here"}, "pasv_address"),
        ({"without": ["NONSENSE"]}, "NONSENSE is no command"),
        ({"trouble": [{"at": "NONSENS"}]}, "NONSENS is no command"),
        ({"trouble": [{"at": "retr"}]}, "trouble"),
        ({"trouble": [{"at": "PWD", "after_bytes": 1}]}, "PWD moves no bytes"),
        ({"trouble": [{"at": "PWD", "data": "refused"}]}, 'data = "refused" is for RETR'),
        ({"trouble": [{"at": "RETR", "data": "refused", "after_bytes": 1}]}, "at once"),
        ({"trouble": [{"at": "RETR", "data": "fin"}]}, 'data = "fin" needs after_bytes'),
        ({"trouble": [{"at": "RETR", "reply": "x", "silent": True}]}, "one of reply, base64"),
    ],
)
def test_what_cannot_be(table: dict[str, Any], words: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=words):
        msgspec.convert(table, FtpSettings)


def test_what_is_said() -> None:
    assert FtpTrouble(at="PWD").said == b""
    assert FtpTrouble(at="PWD", reply="421 a").said == b"421 a\r\n"
    assert FtpTrouble(at="PWD", reply="421-a\n421 b\r\n").said == b"421-a\r\n421 b\r\n"
    assert FtpTrouble(at="PWD", base64=b"\x00").said == b"\x00"


def test_a_file_that_was_made_in_python() -> None:
    assert FtpFile(text="a").data(0, "/x") == b"a"
    assert FtpFile(drawn_bytes=9).data(1, "/x") != FtpFile(drawn_bytes=9).data(1, "/y")
