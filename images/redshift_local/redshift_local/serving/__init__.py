"""What a client meets: the listening server, its TLS, and each connection's session."""
