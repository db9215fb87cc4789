"""The wire and both ends of it: pacing, the receive ring, flow control, line faults."""
