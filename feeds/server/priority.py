"""Priority: threads that step back, so that polls do not wait for the processor while they work."""

from __future__ import annotations

import contextlib
import os
import sys
import threading


def step_back(nice: int) -> None:
    """Let the thread that calls this have less of the processor, where others want it: see nice(2)."""
    if sys.platform == "linux":  # elsewhere a thread has no priority of its own
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)
