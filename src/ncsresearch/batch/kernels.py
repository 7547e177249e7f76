"""Kernels that notebooks run in: forked from a warm process where there is one, spoken to over private sockets.

Jupyter's own choice, ports of the machine, goes wrong now and then when several kernels start at once (a port that
was free is taken before its kernel binds it), and other users of the machine can listen to it.
"""

import asyncio
import contextlib
import json
import math
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path
from queue import Empty

import zmq.asyncio
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Type, default

from ncsresearch.batch.warm import MOST_SHOWN, READY, TOO_MUCH, WARM_DOOR, folder_of_sockets
from ncsresearch.schema import StudyError
from ncsresearch.study.staged import BELOW

OWN_KERNEL = [sys.executable, "-m", "ipykernel_launcher"]
ROOM = 80  # letters of a folder in which there is room for a socket
OFTEN = 0.005  # seconds between two looks at a kernel
UNTIL_DEAD = 3  # seconds in which a kernel that has died is found to be dead


class ForkedKernel:
    """A kernel forked from the warm process, as Popen would show it."""

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, pid: int):
        self.connection, self.pid, self.returncode = connection, pid, None

    def poll(self) -> int | None:
        """Return its exit code, or None while it runs."""
        if self.returncode is None:
            try:
                told = self.connection.recv(64)
            except BlockingIOError:
                return None
            self.returncode = int(told) if told else -signal.SIGKILL
            self.connection.close()
        return self.returncode

    def wait(self) -> int:
        """Wait for its end and return its exit code."""
        while self.poll() is None:
            time.sleep(OFTEN)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class WarmProvisioner(LocalProvisioner):
    """Has a kernel forked by the warm process; starts any kernel but IPython's, and all without one, as usual."""

    async def launch_kernel(self, cmd: list[str], **options) -> dict:
        """Start the kernel and return how to speak to it."""
        connection = await _asked(os.environ.get(WARM_DOOR)) if cmd[:3] == OWN_KERNEL else None
        if not connection:
            return await super().launch_kernel(cmd, **options)
        asked = {"arguments": cmd[3:], "cwd": options.get("cwd") or str(Path.cwd()), "env": options["env"]}
        self.process = await _forked(connection, asked)
        self.pid = self.pgid = self.process.pid
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait for the kernel's end and return its exit code."""
        while self.process and self.process.poll() is None:
            await asyncio.sleep(OFTEN)
        return await super().wait()

    async def cleanup(self, restart: bool = False) -> None:
        """End what the kernel has started and left behind."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self.pgid:
                os.killpg(self.pgid, signal.SIGKILL)
        await super().cleanup(restart)


async def _asked(door: str | None) -> socket.socket | None:
    """Connect to the warm process; None where there is none, or none any more."""
    if not door:
        return None
    connection = socket.socket(socket.AF_UNIX)
    connection.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(connection, door)
    except OSError:
        connection.close()
        return None
    return connection


async def _forked(connection: socket.socket, asked: dict) -> ForkedKernel:
    """Ask the warm process for a kernel and wait until it can be spoken to."""
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(connection, (json.dumps(asked) + "\n").encode())
    word, *told = (await loop.sock_recv(connection, 64)).decode().split() or [""]
    if word != READY or int(told[0]) <= 1:  # a group of processes 1 or 0 is all of the machine, or one's own
        raise RuntimeError("Kernel died before it could be spoken to")
    return ForkedKernel(connection, int(told[0]))


class WatchedChannel(AsyncZMQSocketChannel):
    """A channel that is looked after while a message is waited for."""

    async def get_msg(self, timeout: float | None = None) -> dict:
        """Return the next message; raises Empty where there is none in these seconds."""
        until = math.inf if timeout is None else time.monotonic() + timeout
        while True:
            await self.look()
            try:
                return await super().get_msg(min(1, max(0, until - time.monotonic())))
            except Empty:
                if time.monotonic() >= until:
                    raise


class ShownChannel(WatchedChannel):
    """What the cells of a notebook show, up to a limit; a kernel that shows more at once is cut off by ZeroMQ."""

    n_shown, cut_off, too_much = 0, None, False

    def watch(self) -> None:
        """Note from now on whether the kernel is cut off."""
        self.cut_off = self.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)

    async def look(self) -> None:
        """Raise StudyError where the kernel is cut off; one that has died is found to be dead meanwhile."""
        if self.cut_off and await self.cut_off.poll(0):
            await asyncio.sleep(UNTIL_DEAD)
            self._end()

    def _end(self) -> None:
        self.too_much = True
        self.close()
        raise StudyError(TOO_MUCH)

    async def _recv(self, **options) -> dict:
        parts = await self.socket.recv_multipart(**options)
        self.n_shown += sum(map(len, parts))
        if self.n_shown > MOST_SHOWN:
            self._end()
        return self.session.deserialize(self.session.feed_identities(parts)[1])


class ReplyChannel(WatchedChannel):
    """What the kernel replies, as long as it has not shown too much."""

    shown: ShownChannel | None = None

    async def look(self) -> None:
        """Raise StudyError where the kernel has shown too much."""
        if self.shown and self.shown.too_much:
            raise StudyError(TOO_MUCH)


class ReadyClient(AsyncKernelClient):
    """Speaks to a kernel as soon as it answers, without the waits that suit a kernel in a window."""

    iopub_channel_class, shell_channel_class = Type(ShownChannel), Type(ReplyChannel)

    @default("context")
    def _default_context(self) -> zmq.asyncio.Context:
        self._created_context = True
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.MAXMSGSIZE, MOST_SHOWN)
        context.setsockopt(zmq.RCVHWM, 0)  # or what a kernel shows faster than it is read here would be lost
        return context

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return when the kernel has told of itself and what it shows arrives; raises RuntimeError if it dies or takes too long."""
        until = time.monotonic() + (timeout or 60)
        self.kernel_info()
        while not (reply := await self._next(self.get_shell_msg)):
            await self._check_ready(timeout, until)
        self._handle_kernel_info_reply(reply)
        while not await self._is_heard():
            await self._check_ready(timeout, until)
            self.kernel_info()  # what it showed the first time was late, or lost before it knew who listens
        self.iopub_channel.watch()
        self.shell_channel.shown = self.iopub_channel

    async def _check_ready(self, timeout: float | None, until: float) -> None:
        if not await self._async_is_alive():
            raise RuntimeError("Kernel died before replying to kernel_info")
        if time.monotonic() > until:
            raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    async def _is_heard(self) -> bool:
        """Whether the kernel shows that it is idle again after it was asked about itself."""
        while told := await self._next(self.get_iopub_msg):
            asked = told["parent_header"].get("msg_type")
            if (asked, told["content"].get("execution_state")) == ("kernel_info_request", "idle"):
                return True
        return False

    async def _next(self, channel) -> dict | None:
        try:
            return await channel(timeout=0.5)
        except Empty:
            return None


class PrivateKernelManager(AsyncKernelManager):
    """Starts a kernel whose sockets are files that only this user can reach, where the machine has such sockets."""

    client_factory = Type(ReadyClient)

    @default("transport")
    def _default_transport(self) -> str:
        return "ipc" if hasattr(socket, "AF_UNIX") else "tcp"

    @default("connection_file")
    def _default_connection_file(self) -> str:
        door = os.environ.get(WARM_DOOR)
        below = os.environ.get(BELOW, "")
        if door and Path(door).exists():
            below = str(Path(door).parent)
        if 0 < len(below) <= ROOM:
            return str(Path(tempfile.mkdtemp(prefix="kernel-", dir=below)) / "k.json")
        named = f"ncsresearch-{os.getpid()}-"  # by which the next run knows what a killed one has left
        return str(Path(tempfile.mkdtemp(prefix=named, dir=folder_of_sockets())) / "k.json")

    async def _async_pre_start_kernel(self, **options) -> tuple[list[str], dict]:
        self.provisioner = self.provisioner or WarmProvisioner(
            kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
        )
        return await super()._async_pre_start_kernel(**options)

    def cleanup_connection_file(self) -> None:
        """Remove the folder with the sockets when the kernel has ended."""
        super().cleanup_connection_file()
        shutil.rmtree(Path(self.connection_file).parent, ignore_errors=True)
