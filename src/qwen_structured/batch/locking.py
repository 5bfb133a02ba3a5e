"""A lock on an open file that ends with its process, however that ends."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import msvcrt

    _FAR = 2**40  # a lock of Windows hides what it covers from readers, so it covers what nobody writes

    def lock(descriptor: int) -> None:
        """Lock an open file.

        Raises:
            OSError: another has it, or the file system has no locks.
        """
        import os

        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def lock(descriptor: int) -> None:
        """Lock an open file.

        Raises:
            OSError: another has it, or the file system has no locks.
        """
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
