"""A Jupyter kernel in the running interpreter, whatever kernels the user has installed."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from foresay.publishing.interpreters import LONGEST_SOCKET

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

    waiting: subprocess.Popen[str]

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Hand the arguments over."""
        told = self.waiting.stdin
        if told is not None:
            with contextlib.suppress(OSError), told:  # where it ended, its waiter sees its code
                print(json.dumps(cmd[1:]), file=told)
        self.process = self.waiting
        self.pid = self.pgid = self.waiting.pid  # it leads a session of its own
        self.cwd = kwargs.get("cwd")
        return self.connection_info


def kernel_manager(folder: Path, waiting: subprocess.Popen[str]) -> AsyncKernelManager:
    """Make a kernel manager that writes its connection file into ``folder`` and nowhere else.

    Parameters
    ----------
    folder
        A private folder.
    waiting
        The `foresay.publishing.interpreters.interpreter` that becomes the kernel. It has its
        working folder and environment already.
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
