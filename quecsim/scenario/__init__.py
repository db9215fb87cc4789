"""Scenarios: a device, a line, a host and their trouble, as a TOML file that states its claim."""

from quecsim.scenario.loader import load_scenario, scenario_names
from quecsim.scenario.schema import Claim, Scenario, Stall

__all__ = ["Claim", "Scenario", "Stall", "load_scenario", "scenario_names"]
