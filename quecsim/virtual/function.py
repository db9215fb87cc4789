"""Finds a Python uploader by what people call it: `MODULE:FUNCTION`, or `FILE.py:FUNCTION`."""

import sys
from collections.abc import Collection
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from inspect import iscoroutinefunction, signature
from pathlib import Path
from typing import Any

from quecsim.errors import QuecsimError
from quecsim.files import is_file
from quecsim.profiles.toml_check import did_you_mean
from quecsim.virtual.run import Uploader


def load_function(where: str, also: Collection[str] = ()) -> Uploader:
    """The function of "package.module:function" or "path/to/file.py:function".

    `also` are keyword arguments that it may ask for. Raises QuecsimError that says what is not
    there, or that it cannot be called as function(port, name, data).
    """
    place, colon, name = where.rpartition(":")
    if not colon or not place or not name:
        raise QuecsimError(
            f"{where} names no function", hint="write MODULE:FUNCTION, or FILE.py:FUNCTION"
        )
    module = _from_file(Path(place)) if place.endswith(".py") else _from_module(place)
    function: Any = getattr(module, name, None)
    if not callable(function):
        names = [each for each in vars(module) if callable(getattr(module, each))]
        hint = did_you_mean(name, names) if names else "it has no function at all"
        raise QuecsimError(f"{place} has no function {name}", hint=hint)
    _check_call(where, function, also)
    return function  # type: ignore[no-any-return]


def _check_call(where: str, function: Any, also: Collection[str]) -> None:
    try:
        takes = signature(function)
    except (TypeError, ValueError):  # some that are written in C do not say
        return
    try:
        takes.bind(None, "", b"", **{key: None for key in also if key in takes.parameters})
    except TypeError as error:
        raise QuecsimError(
            f"{where} cannot be called as function(port, name, data): {error}",
            hint=f"it is {function.__name__}{takes}" if hasattr(function, "__name__") else "",
        ) from None
    if iscoroutinefunction(function):
        raise QuecsimError(
            f"{where} is an async function, and nobody awaits it",
            hint="give a plain function(port, name, data)",
        )


def _from_file(path: Path) -> Any:
    """Run a file as a module; what lies beside it can be imported."""
    if not is_file(path):
        raise QuecsimError(f"there is no file {path}", hint=f"looked in {path.absolute().parent}")
    folder = str(path.absolute().parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules.setdefault(path.stem, module)  # dataclasses look their module up
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise _cannot_import(str(path), error) from error
    return module


def _from_module(name: str) -> Any:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return import_module(name)
    except Exception as error:
        raise _cannot_import(name, error) from error


def _cannot_import(what: str, error: Exception) -> QuecsimError:
    said = f"{type(error).__name__}: {error}"
    hint = "run it where the module can be imported, or give the file: path/to/file.py:function"
    return QuecsimError(f"cannot import {what}: {said}", hint=hint)
