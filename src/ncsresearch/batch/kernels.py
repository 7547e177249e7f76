"""Kernels that notebooks run in, spoken to over sockets in a private folder.

Jupyter's own choice, ports of the machine, goes wrong now and then when several kernels start at once (a port that
was free is taken before its kernel binds it), and other users of the machine can listen to it.
"""

import shutil
import socket
import tempfile
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager
from traitlets import default


class PrivateKernelManager(AsyncKernelManager):
    """Starts a kernel whose sockets are files that only this user can reach, where the machine has such sockets."""

    @default("transport")
    def _default_transport(self) -> str:
        return "ipc" if hasattr(socket, "AF_UNIX") else "tcp"

    @default("connection_file")
    def _default_connection_file(self) -> str:
        return str(Path(tempfile.mkdtemp(prefix="kernel-")) / "k.json")

    def cleanup_connection_file(self) -> None:
        """Remove the folder with the sockets when the kernel has ended."""
        super().cleanup_connection_file()
        shutil.rmtree(Path(self.connection_file).parent, ignore_errors=True)
