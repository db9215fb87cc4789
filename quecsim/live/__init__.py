"""Real time: the only place that touches the operating system and the clock."""
