"""Look into a running device and steer it: the same actions from Python and over a local socket."""
