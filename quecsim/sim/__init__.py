"""Virtual time: jump from one thing to the next."""
