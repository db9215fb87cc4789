"""Faults: trouble that a scenario asks for, beside what line, ring and flash do by themselves."""

from quecsim.faults.spec import Fault

__all__ = ["Fault"]
