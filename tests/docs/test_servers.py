"""docs/SERVERS.md names what servers in process can be told, and shows what can be read."""

from pathlib import Path

import msgspec
import pytest

from quecsim.peers.caller_settings import CallerSettings
from quecsim.peers.echo_settings import EchoSettings
from quecsim.peers.ftp_settings import FtpFile, FtpSettings, FtpTrouble
from quecsim.peers.http_settings import HttpFile, HttpSettings
from quecsim.peers.ntp_settings import NtpSettings
from quecsim.peers.simple import SimpleSettings, Step
from quecsim.scenario.loader import load_scenario
from quecsim.scenario.network import Name, Service
from tests.docs.markdown import ROOT, sections

PAGE = ROOT / "docs/SERVERS.md"


@pytest.mark.parametrize(
    "kind",
    [
        *(Service, Name, CallerSettings, HttpSettings, HttpFile, FtpSettings, FtpFile, FtpTrouble),
        *(NtpSettings, EchoSettings, SimpleSettings, Step),
    ],
)
def test_every_key_is_there(kind: type[msgspec.Struct]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    names = [field.encode_name for field in msgspec.structs.fields(kind)]
    assert [name for name in names if f"`{name}`" not in text and f"{name} =" not in text] == []


def test_what_is_shown_can_be_read(tmp_path: Path) -> None:
    blocks = [block for section in sections(PAGE) for block in section.blocks]
    tables = [block.text for block in blocks if block.kind == "toml"]
    path = tmp_path / "shown.toml"
    path.write_text("\n".join(tables))
    scenario = load_scenario(path)
    assert len(tables) == 6
    assert (len(scenario.services), len(scenario.names), len(scenario.callers)) == (3, 1, 1)
