"""What happened, as lanes under one axis of time: what every picture is drawn from."""

from quecsim.render.timeline.lanes import timeline
from quecsim.render.timeline.model import Lane, Signal, Span, Timeline

__all__ = ["Lane", "Signal", "Span", "Timeline", "timeline"]
