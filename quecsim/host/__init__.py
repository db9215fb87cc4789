"""A host of our own: the far end of the serial port, for real devices and simulated ones alike."""
