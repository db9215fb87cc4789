"""What command lines ask for, read without a device."""

import pytest

from quecsim.observed.calls import CallReader
from quecsim.profiles.loader import load_profile, profile_names
from quecsim.testing.command_lines import valid_lines


@pytest.mark.parametrize("device", profile_names())
def test_every_command_of_a_device_can_be_read(device: str) -> None:
    reader = CallReader(load_profile(device))
    for number, line in enumerate(valid_lines(device), 1):
        text = line.decode("latin-1")[2:]
        read, called = reader.read(0, number, text)
        assert len(called) == len(read.calls) == (1 if text else 0)
        assert all(event.is_known for event in called)
