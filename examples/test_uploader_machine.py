"""A state machine for an uploader: many uploads on one device, with faults and power cuts between.

pytest examples/test_uploader_machine.py
"""

import sys
from pathlib import Path
from typing import Any

from hypothesis import settings

from quecsim.testing.machine import UploaderMachine

sys.path.append(str(Path(__file__).parent / "hosts" / "python"))

import right


class RightUploader(UploaderMachine):
    """The right uploader of examples/hosts/python."""

    device = "ec200u"

    def upload(self, port: Any, name: str, data: bytes) -> object:
        return right.upload(port, name, data)


TestRightUploader = RightUploader.TestCase
TestRightUploader.settings = settings(
    max_examples=20, stateful_step_count=10, deadline=None, derandomize=True
)
