"""Start a program that Linux ends together with the process that asked for it.

Run as a script of its own: `python leash.py <process id of the asker> <program> [argument ...]`. Doing this between
fork and exec of the asker would not be safe where it has several threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Ask Linux to send SIGKILL when the asker ends, then become the program."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == int(sys.argv[1]):
        os.execv(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
