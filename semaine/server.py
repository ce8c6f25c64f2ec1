"""``python -m semaine.server``: granian as production runs it, whose workers change without a request being lost.

Left to itself granian gives each worker a socket of its own: what waits in it is reset when the worker stops, and
where none stands ready nobody listens. Here the socket is their parent's, and what comes meanwhile waits in it.
"""

import argparse
import socket

from granian.constants import Interfaces
from granian.net import SocketSpec  # type: ignore[attr-defined]
from granian.server.mp import MPServer

TARGET = "semaine.wsgi:application"


class HoldingServer(MPServer):
    def _init_shared_socket(self) -> None:
        """What granian does for sockets that are files, and for all of them outside Linux."""
        self._ssp = None
        self._shd = holder = SocketSpec(self.bind_addr, self.bind_port, self.backlog).build()  # type: ignore[assignment]
        self._sfd = holder.get_fd()
        self._sso = socket.socket(fileno=self._sfd)
        self._sso.set_inheritable(True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="semaine.server")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    HoldingServer(
        TARGET,
        address=asked.host,
        port=asked.port,
        interface=Interfaces.WSGI,
        workers=asked.workers,
        blocking_threads=4,
        backpressure=64,
        websockets=False,
        respawn_failed_workers=True,
        # Seconds that a worker which stops has for what it was answering.
        workers_kill_timeout=30,
    ).serve()


if __name__ == "__main__":
    main()
