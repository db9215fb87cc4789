"""Certificates and keys as files: whether the bytes of one are what a TLS stack can read.

    examine(data, name) -> Examined       what is wrong with it, and which keys it speaks of

Pure functions of bytes. A file that looks like no certificate and no key has nothing wrong with it.
"""
