"""From a scenario's file to a `Scenario`, with everything checked that can be checked early.

A scenario is named by its path, or by the bare name of one that comes with quecsim. Paths inside
a scenario are taken from the folder of its file, wherever the program was started.
"""

from base64 import b64decode
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from quecsim.commands.catalogue import load_device
from quecsim.errors import QuecsimError
from quecsim.files import is_file, read_file
from quecsim.profiles.loader import find_profile
from quecsim.profiles.schema import Profile
from quecsim.profiles.toml_check import Checker, did_you_mean, dotted
from quecsim.profiles.toml_source import KeyPath, TomlSource, read_toml
from quecsim.scenario.fetched import fetched
from quecsim.scenario.misfit import KEY, Misfit
from quecsim.scenario.misfits import misfits, own_misfits
from quecsim.scenario.old_words import with_new_words
from quecsim.scenario.schema import FileContent, Scenario, ScenarioFile

_PACKAGE = Path(__file__).parent.parent
# In an installed package; in a checkout.
_SHIPPED = (_PACKAGE / "_scenarios", _PACKAGE.parent / "scenarios")

_CONTENT_KEYS = ("text", "base64", "path", "authority", "bytes_count")


def scenario_names() -> tuple[str, ...]:
    """The scenarios that come with quecsim."""
    return tuple(sorted({path.stem for folder in _SHIPPED for path in folder.glob("*.toml")}))


def load_scenario(path_or_name: str | Path) -> Scenario:
    """Read the scenario of a file, or a shipped one by its name.

    Raises `QuecsimError`: no such scenario, or everything that is wrong with it.
    """
    return read_scenario(read_toml(find_scenario(path_or_name)))


def read_scenario(source: TomlSource) -> Scenario:
    """A scenario out of TOML that has been read. Raises `QuecsimError`, as `load_scenario`."""
    check = Checker(with_new_words(source))
    written = check.value((), check.source.table, ScenarioFile)
    check.finish()
    assert isinstance(written, ScenarioFile)
    device = _device(check, written)
    contents = {
        name: _content(check, ("files", name), file) for name, file in written.files.items()
    }
    case = written.case
    case_bytes = _content(check, ("case", "payload"), case.payload) if case else None
    revision = device.identity.revision if isinstance(device, Profile) else ""
    services = tuple(
        fetched(one, check.source.path.parent, ("service", index), check.add, revision)
        for index, one in enumerate(written.services)
    )
    _tell(check, own_misfits(written))
    check.finish()
    assert isinstance(device, Profile)
    fields = {key: getattr(written, key) for key in written.__struct_fields__}
    fields["services"] = services
    scenario = Scenario(
        **fields,
        name=source.path.stem,
        contents=contents,
        case_bytes=case_bytes,
        device_profile=device,
    )
    _tell(check, misfits(scenario))
    check.finish()
    return scenario


def find_scenario(path_or_name: str | Path) -> Path:
    """Where the scenario lies: the path itself, or a shipped name. Raises `QuecsimError`."""
    asked = Path(path_or_name)
    if is_file(asked):
        return asked
    if str(path_or_name) in scenario_names():
        places = (folder / f"{path_or_name}.toml" for folder in _SHIPPED)
        return next(place for place in places if place.is_file())
    advice = did_you_mean(asked.stem, scenario_names())
    if len(asked.parts) > 1 or asked.suffix:
        where = asked.absolute().parent
        raise QuecsimError(f"no scenario file {asked.name} in {where}", hint=advice)
    hint = f"{advice} A scenario of your own is given by its path."
    raise QuecsimError(f'no scenario is called "{path_or_name}"', hint=hint)


def _device(check: Checker, written: ScenarioFile) -> Any:
    try:
        path = find_profile(written.device, check.source.path.parent)
    except QuecsimError as error:
        return check.add(("device",), error.message, error.hint)
    return load_device(path)


def _content(check: Checker, path: KeyPath, file: FileContent) -> Any:
    """The bytes of a file that the key `path` describes."""
    given = [key for key in _CONTENT_KEYS if getattr(file, key) is not None]
    if len(given) != 1:
        keys = f"{', '.join(_CONTENT_KEYS[:-1])} or {_CONTENT_KEYS[-1]}"
        hint = 'For instance { text = "hello" }.'
        return check.add(path, f"{dotted(path)} needs {keys}: one of them", hint)
    if file.text is not None:
        return file.text.encode()
    if file.base64 is not None:
        try:
            return b64decode(file.base64, validate=True)
        except ValueError as error:
            key = (*path, "base64")
            return check.add(key, f"{dotted(key)} is not Base64: {error}")
    if file.authority is not None:
        from quecsim.tls.authority import piece

        return piece(file.authority)
    if file.bytes_count is not None:
        return bytes([file.fill]) * file.bytes_count
    assert file.path is not None
    place = check.source.path.parent / file.path
    try:
        return read_file(place)
    except OSError as error:
        message = f"cannot read {file.path}: {error.strerror}"
        hint = f"It was looked for in {place.absolute().parent}, from the scenario's own folder."
        return check.add((*path, "path"), message, hint)


def _tell(check: Checker, wrong: Iterable[Misfit]) -> None:
    for path, message, hint in wrong:
        check.add(path, message.replace(KEY, dotted(path)), hint)
