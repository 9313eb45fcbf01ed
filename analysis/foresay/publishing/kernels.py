"""A Jupyter kernel in the running interpreter, whatever kernels the user has installed."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from foresay.publishing.interpreters import LONGEST_SOCKET, Interpreter

_ARGUMENTS = (
    "-f",
    "{connection_file}",
    "--log-level=ERROR",
    "--HistoryManager.enabled=False",
    "--InteractiveShell.colors=nocolor",
    "--InteractiveShellApp.exec_PYTHONSTARTUP=False",
)


class _ThisInterpreter(KernelSpecManager):
    """Answers every question for a kernel with the interpreter that runs foresay."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Give the only kernel there is."""
        return KernelSpec(
            argv=[sys.executable, *_ARGUMENTS],
            display_name=kernel_name,
            language="python",
            interrupt_mode="signal",
        )


class _Started(LocalProvisioner):
    """Launches a kernel in a Python that is there already."""

    waiting: Interpreter

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Hand the arguments over."""
        self.waiting.become(cmd[1:])
        self.process = self.waiting.process
        self.pid = self.pgid = self.process.pid  # it leads a session of its own
        self.cwd = kwargs.get("cwd")
        return self.connection_info


def kernel_manager(folder: Path, waiting: Interpreter) -> AsyncKernelManager:
    """Make a kernel manager that writes its connection file into ``folder`` and nowhere else.

    Parameters
    ----------
    folder
        A private folder.
    waiting
        The Python that becomes the kernel, prepared already.
    """
    manager = AsyncKernelManager(
        kernel_name="python3",
        kernel_spec_manager=_ThisInterpreter(),
        connection_file=str(folder / "kernel.json"),
    )
    # sockets in a private folder, where the system has them and the path is short enough
    socket = str(folder / "socket")
    if os.name == "posix" and len(socket) < LONGEST_SOCKET:
        manager.transport = "ipc"
        manager.ip = socket
    manager.kernel_id = "kernel"
    manager.provisioner = _Started(
        kernel_id="kernel", kernel_spec=manager.kernel_spec, parent=manager
    )
    manager.provisioner.waiting = waiting
    return manager
