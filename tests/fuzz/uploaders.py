"""The example hosts, as functions: the right one, and the wrong ones by their mistake."""

import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "examples" / "hosts" / "python"
Uploader = Callable[[Any, str, bytes], object]


def _load(name: str) -> Any:
    spec = spec_from_file_location(f"example_host_{name}", FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


right: Uploader = _load("right").upload
MISTAKES: dict[str, Uploader] = _load("wrong").MISTAKES
