"""All commands together: what each declares holds for the device that runs it."""

import pytest

from quecsim.at.grammar import Form
from quecsim.at.spec import Command
from quecsim.commands.catalogue import catalogue
from tests.device.bench import ERROR, OK, Bench

COMMANDS = list(catalogue())

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
