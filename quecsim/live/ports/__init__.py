"""What hosts open: the pseudo terminal and its stable name."""
