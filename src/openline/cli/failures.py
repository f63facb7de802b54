"""What nobody foresaw, as a documented error: the operating system's refusals, and faults of this program."""

from __future__ import annotations

import errno
import os
import sys

from openline.errors import Misuse, OpenlineError, StorageFailed, Unavailable

PLACES_SHOWN = 6  # frames of a fault: from a library's innermost line back into our own

_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG}
_NAME = {
    errno.ENOENT, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY, errno.ELOOP,
    errno.ENAMETOOLONG, errno.EINVAL, errno.EXDEV,
}  # fmt: skip


def of_system(error: OSError) -> OpenlineError:
    """Return what an error of the operating system means here: the disk, a wrong name or right, or not available now.

    A name or a right is not mended by trying again: a service ends with the code after which it is not started again.
    """
    name = str(error.filename) if error.filename is not None else "standard output, or a file or connection,"
    text = f"{name} cannot be used: {error.strerror or type(error).__name__}"
    if error.errno in _DISK:
        return StorageFailed(text, hint="Free space, or look at that disk, then ask again.")
    if error.errno in _NAME:
        return Misuse(text, hint="Check the name, whose file and folder it is, and the rights.")
    return Unavailable(text, hint="Ask again; if it stays, look at this machine's system log.")


def of_fault(error: Exception) -> Unavailable:
    """Return how a fault of this program is told: its kind and its place, for what it says may quote a message."""
    from openline.runtime.faults import place

    return Unavailable(
        f"a fault of this program: {type(error).__name__} at {place(error, PLACES_SHOWN)}",
        hint="Look whether it was done before you ask again. Report this line and the command, without its words, as "
        "an issue of the project; if it may be a weakness, as SECURITY.md says.",
    )


def let_go_of_output() -> None:
    """Send what standard output and error do not take nowhere.

    The interpreter would try again at its end, and then end with a code of its own, 120.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
        except AttributeError:
            pass  # it was closed before the program began
