"""How the stand-in listens."""

import socket
from pathlib import Path

from redshift_local.serving.server import Options, _listening_socket


def test_an_answer_in_pieces_waits_for_no_acknowledgement(tmp_path: Path) -> None:
    options = Options(tmp_path, "127.0.0.1", 0, "dev", "awsuser", None, None, None, None)
    with _listening_socket(options) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
