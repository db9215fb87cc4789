"""The AT commands, one file per family: declarations and handlers, nothing else."""
