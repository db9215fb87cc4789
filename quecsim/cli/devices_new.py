"""`quecsim devices new`: the file with which a device of one's own begins."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from quecsim.commands.catalogue import load_device
from quecsim.errors import QuecsimError
from quecsim.profiles.loader import profile_names
from quecsim.profiles.starting import starting_text

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")


def write_start(name: str, like: str, place: Path, *, force: bool) -> Iterator[str]:
    """Write a profile called `name` to `place`, like the device or file `like`; yields what to say.

    Raises QuecsimError: such a name, such a place, no such device, or the file is there already.
    """
    _check_name(name)
    base = load_device(like)
    shown = _as_typed(place)
    try:
        _check_place(place, force=force)
        text = starting_text(name, base, _extends(like, place), shown, _steps())
        _write(place, text, force=force)
    except OSError as error:
        hint = "Name another file with -o."
        raise QuecsimError(f"cannot write {shown}: {error.strerror}", hint=hint) from None
    yield f"{shown}: {name}, like {base.title}; all values are commented out"
    yield f"run it:            quecsim run {shown}"
    yield f"what is different: quecsim devices diff {like} {shown}"


def _steps() -> dict[str, str]:
    """What a probe measures: the name of the step for each value, the first of several."""
    from quecsim.probe import long, quick

    found: dict[str, str] = {}
    for step in (*quick.STEPS, *long.STEPS):
        for key in step.keys:
            part, name, *_ = key.split(".")  # `errors.numbers.timeout` is one of `errors.numbers`
            found.setdefault(f"{part}.{name}", step.name)
    return found


def _check_name(name: str) -> None:
    if name.lower() in profile_names():
        hint = f"Call yours something else, {name}-mine for instance."
        raise QuecsimError(f'"{name}" is a device that comes with quecsim', hint=hint)
    if not _NAME.fullmatch(name) or name.lower().endswith(".toml"):
        raise QuecsimError(
            f'"{name}" cannot be the name of a device',
            hint="Letters, digits, - _ and . ; -o FILE says where the file goes.",
        )


def _check_place(place: Path, *, force: bool) -> None:
    if place.suffix != ".toml":
        raise QuecsimError("a profile's file ends in .toml", where=str(place))
    if not place.exists():
        return
    if not place.is_file():
        raise QuecsimError("not a regular file", where=str(place), hint="Name another file.")
    if not force:
        hint = "--force replaces it, with all that you have written there; or name another file."
        raise QuecsimError("the file exists", where=str(place), hint=hint)


def _as_typed(place: Path) -> str:
    """A path that no command takes for the name of a device or a scenario."""
    return str(place) if place.is_absolute() or place.parent.parts else f"./{place}"


def _extends(like: str, place: Path) -> str:
    """What the new file extends: a device by its name, a file as seen from the new one."""
    if not like.endswith(".toml"):
        return like.lower()
    if place.exists() and place.samefile(like):
        raise QuecsimError("a profile cannot be like itself", where=str(place))
    return os.path.relpath(like, place.parent)


def _write(place: Path, text: str, *, force: bool) -> None:
    """All of it or nothing; over a file only by force."""
    target = Path(os.path.realpath(place))
    draft = target.with_name(f".{target.name}.{os.getpid()}.new") if force else target
    stream = draft.open("x", encoding="utf-8")
    try:
        with stream:
            stream.write(text)
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
