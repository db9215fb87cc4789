"""All commands together: what each declares holds for the device that runs it."""

from pathlib import Path
from typing import get_args

import pytest

from quecsim.at.grammar import Form
from quecsim.at.spec import Command
from quecsim.commands.catalogue import FAMILIES, catalogue, load_device
from quecsim.errors import QuecsimError
from quecsim.profiles.loader import load_profile, profile_names
from quecsim.profiles.schema import Family
from tests.device.bench import ERROR, OK, Bench, profile, shipped

COMMANDS = list(catalogue(shipped()))

NEEDED = """E V Q I &F &W Z +CMEE +GMI +GMM +GMR +GSN +CGMI +CGMM +CGMR +CGSN +IPR +ICF +IFC +CFUN
+CPIN +CSQ +CREG +CGREG +CEREG +CGATT +COPS +QPOWD +QINDCFG +QURCCFG +QCFG +QFLDS +QFLST +QFUPL
+QFDWL +QFDEL +QFOPEN +QFREAD +QFWRITE +QFSEEK +QFPOSITION +QFTUCAT +QFCLOSE"""


def test_what_a_host_needs_for_an_upload_is_there() -> None:
    assert set(NEEDED.split()) <= {command.name for command in COMMANDS}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_declaration_is_whole(command: Command) -> None:
    assert command.title
    assert command.source
    assert command.handlers, "a command without a handler can do nothing"
    required = [param.optional for param in command.params]
    assert required == sorted(required), "an optional parameter comes before a needed one"


@pytest.mark.parametrize(
    "command", [c for c in COMMANDS if c.name[0] == "+"], ids=lambda command: command.name
)
def test_the_test_form_is_known_and_speaks_of_its_command(command: Command) -> None:
    reply = Bench().ask(f"AT{command.name}=?")
    assert reply.endswith(OK)
    lines = [line for line in reply.split(b"\r\n")[:-2] if line]
    assert all(line.startswith(command.name.encode() + b":") for line in lines), reply


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_forms_without_a_handler_are_plain_error(command: Command) -> None:
    bench = Bench()
    missing = [form for form in (Form.READ, Form.EXECUTE) if form not in command.handlers]
    for form in missing:
        assert bench.ask(f"AT{command.name}{form.value}") == ERROR


@pytest.mark.parametrize(
    "command", [c for c in COMMANDS if Form.READ in c.handlers], ids=lambda command: command.name
)
def test_reading_changes_nothing(command: Command) -> None:
    bench = Bench()
    first = bench.ask(f"AT{command.name}?")
    assert first.endswith(OK)
    assert bench.ask(f"AT{command.name}?") == first


def test_a_profile_can_name_every_family_there_is_and_no_other() -> None:
    assert set(get_args(Family)) == set(FAMILIES)


def test_an_absent_command_is_an_error_like_one_that_never_was() -> None:
    bench = Bench(profile(commands={"absent": ("+QFTUCAT",)}))
    assert bench.ask("AT+QFTUCAT=?") == bench.ask("AT+NEVER=?") == ERROR
    assert bench.ask("AT+QFSEEK=?").endswith(OK)


def test_what_no_family_has_cannot_be_absent_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    known = '{ value = ["+QFUPLD"], how = "assumed", source = "a test" }'
    path.write_text(f'extends = "ec200u"\ntitle = "Mine"\ncommands.absent = {known}\n')
    with pytest.raises(QuecsimError, match="QFUPLD is absent from mine") as caught:
        load_device(path)
    assert caught.value.where == f"{path}:3"
    assert "+QFUPL" in caught.value.hint
    assert load_device("ec200u").name == "ec200u"


def test_what_no_family_has_cannot_be_absent() -> None:
    with pytest.raises(QuecsimError, match="QFTUCAD is absent") as caught:
        catalogue(profile(commands={"absent": ("+QFTUCAD",)}))
    assert "+QFTUCAT" in caught.value.hint


def test_a_profile_words_a_test_reply_in_its_own_way() -> None:
    own = {"+QFOPEN": "+QFOPEN: <filename>,(0-2)", "+QFWRITE": ""}
    bench = Bench(profile(commands={"test_replies": own}))
    assert bench.ask("AT+QFOPEN=?") == b"\r\n+QFOPEN: <filename>,(0-2)\r\n" + OK
    assert bench.ask("AT+QFWRITE=?") == OK


@pytest.mark.parametrize("name", profile_names())
def test_no_device_has_a_command_from_the_document_of_another_kind(name: str) -> None:
    device = load_profile(name)
    context = Bench(device).rig.device.context
    is_wireless = device.wireless is not None
    for command in catalogue(device):
        document = command.document(context)
        assert document
        of_wifi = any(module in document for module in ("FCM242D", "FC41D"))
        assert of_wifi == is_wireless, command.name
