"""The control socket of a running simulator."""
