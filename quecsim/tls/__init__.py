"""TLS without a network: one end of a connection as bytes in, bytes out, and what damaged files do.
OpenSSL takes its randomness from the operating system, so the bytes of a connection differ from run
to run. What comes of it, and how much it says it has carried, do not.

    client.new_client(wish, host)         the device's end; TlsTrouble says why it cannot be
    server.new_server(server)             the other end
    outcome.outcome(wish, host, server)   what comes of the two: a real handshake in memory
    authority.server_tls(...)             the certificates of the simulator's own servers

`openssl` is the one file that knows OpenSSL; it is loaded when the first connection is wanted.
"""
