"""Two runs side by side: what was set otherwise, what the host did otherwise, what came of it."""

from quecsim.report.comparison.compare import Run, compare
from quecsim.report.comparison.model import Comparison, Difference, Kind

__all__ = ["Comparison", "Difference", "Kind", "Run", "compare"]
