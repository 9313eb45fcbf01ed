"""Wall time, processor time and peak memory of a call, here or in a fresh process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

MEGABYTE = 1_000_000
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The least of several runs, each number on its own: neighbours only ever add.

    Parameters
    ----------
    seconds : float
        Wall time.
    processor : float
        Processor time of all threads.
    peak : float
        Peak resident memory of the process in MB; 0 where it was not measured.
    """

    seconds: float
    processor: float
    peak: float = 0.0


def fastest(call: Callable[[], Any], repeats: int) -> Timing:
    """Run `call` some times in this process."""
    runs = []
    for _ in range(repeats):
        wall, processor = time.perf_counter(), time.process_time()
        call()
        runs.append((time.perf_counter() - wall, time.process_time() - processor))
    return Timing(seconds=min(r[0] for r in runs), processor=min(r[1] for r in runs))


def interleaved(calls: Mapping[Key, Callable[[], Any]], rounds: int) -> dict[Key, float]:
    """Return the least seconds of each call, all calls once a round: neighbours disturb all."""
    least = dict.fromkeys(calls, float("inf"))
    for _ in range(rounds):
        for key, call in calls.items():
            start = time.perf_counter()
            call()
            least[key] = min(least[key], time.perf_counter() - start)
    return least


def extra_memory(call: Callable[[], Any]) -> float:
    """Return the most memory in MB that Python and numpy hold during `call` beyond before."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        call()
        return (tracemalloc.get_traced_memory()[1] - before) / MEGABYTE
    finally:
        tracemalloc.stop()


def afresh(script: str, arguments: Sequence[str], repeats: int) -> tuple[Timing, dict[str, Any]]:
    """Run a script in fresh processes, start-up included; it ends with `report_child`.

    Returns
    -------
    timing : Timing
        The least of all runs; its peak is the largest.
    said : dict
        What the last run reported.
    """
    runs, said = [], {}
    for _ in range(repeats):
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, script, *arguments], check=True, stdout=subprocess.PIPE, text=True
        )
        wall = time.perf_counter() - start
        said = json.loads(done.stdout.splitlines()[-1])
        runs.append((wall, said["processor"], said["peak"]))
    return (
        Timing(
            seconds=min(r[0] for r in runs),
            processor=min(r[1] for r in runs),
            peak=max(r[2] for r in runs),
        ),
        said,
    )


def report_child(**said: Any) -> None:
    """Print processor time and peak memory of this process, and anything else, for `afresh`."""
    used = os.times()
    print(json.dumps({"processor": used.user + used.system, "peak": peak_memory(), **said}))


def peak_memory() -> float:
    """Return the peak resident memory of this process in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # getrusage would count what the parent held when it started this process
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / MEGABYTE
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / MEGABYTE
