"""The commands of the FTP server: that its settings know them all."""

import re

from quecsim.peers.ftp_server import FtpServer
from quecsim.peers.ftp_settings import COMMANDS, CONNECT
from tests.peers.ftp_talk import InProcess, Talk


def test_the_settings_know_the_commands_that_there_are() -> None:
    client = Talk(InProcess(FtpServer()))
    told = re.findall(r"[A-Z]{3,}", client.say("HELP"))
    assert {*told, CONNECT} == COMMANDS
    assert len(told) == len(set(told))


def test_to_connect_is_no_command() -> None:
    """Nobody is greeted twice."""
    assert Talk(InProcess(FtpServer())).asks("CONNECT") == 500
