"""A Jupyter kernel in the running interpreter, whatever kernels the user has installed."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

_LONGEST_SOCKET = 90  # the system allows 104 to 108 characters, of which a number takes some
_ARGUMENTS = (
    "-m",
    "ipykernel_launcher",
    "-f",
    "{connection_file}",
    "--log-level=ERROR",
    "--HistoryManager.enabled=False",
    "--InteractiveShell.colors=nocolor",
    "--InteractiveShellApp.exec_PYTHONSTARTUP=False",
)


class _ThisInterpreter(KernelSpecManager):
    """Answers every question for a kernel with the interpreter that runs foresay."""

    def __init__(self, ready: str) -> None:
        super().__init__()
        self._ready = (
            [f"--InteractiveShellApp.exec_lines=import {ready} as _; del _"] if ready else []
        )

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Give the only kernel there is."""
        return KernelSpec(
            argv=[sys.executable, *_ARGUMENTS, *self._ready],
            display_name=kernel_name,
            language="python",
            interrupt_mode="signal",
        )


def kernel_folder() -> str | None:
    """Name the folder for what a kernel needs: one with a path short enough for its sockets.

    Ports are the way out where sockets cannot be, and another program may take one between the
    time that it was found free and the time that it is used.
    """
    usual = len(tempfile.gettempdir()) < _LONGEST_SOCKET - 40  # its own name comes after
    short = Path("/tmp")  # noqa: S108 (the folder made in it is private)
    return str(short) if not usual and os.access(short, os.W_OK | os.X_OK) else None


def kernel_manager(folder: Path, *, ready: str = "") -> AsyncKernelManager:
    """Make a kernel manager that writes its connection file into ``folder`` and nowhere else.

    Parameters
    ----------
    folder
        A private folder.
    ready
        A module that the kernel imports before it takes its first cell.
    """
    manager = AsyncKernelManager(
        kernel_name="python3",
        kernel_spec_manager=_ThisInterpreter(ready),
        connection_file=str(folder / "kernel.json"),
    )
    # sockets in a private folder, where the system has them and the path is short enough
    socket = str(folder / "socket")
    if os.name == "posix" and len(socket) < _LONGEST_SOCKET:
        manager.transport = "ipc"
        manager.ip = socket
    return manager
