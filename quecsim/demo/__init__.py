"""The demo: the same file uploaded four ways, and a picture of where the bytes went."""
