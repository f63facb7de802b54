"""Network namespaces of this machine (Linux, root): each holds one machine of a line, joined by one switch."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SWITCH = "10.77.0.1"  # the relay's address; the stations follow it


def allowed() -> bool:
    """Whether this user may make namespaces here."""
    return os.geteuid() == 0 and subprocess.run(["ip", "netns"], capture_output=True, check=False).returncode == 0


class Networks:
    """One namespace for each name; the first holds the switch and has the address SWITCH."""

    def __init__(self, names: list[str]) -> None:
        self._names = names
        self._spaces = {name: f"openline-{os.getpid()}-{name}" for name in names}

    @contextlib.contextmanager
    def joined(self) -> Iterator["Networks"]:
        """Make them all, and take them away at the end."""
        try:
            self._make()
            yield self
        finally:
            for space in self._spaces.values():
                subprocess.run(["ip", "netns", "del", space], capture_output=True, check=False)

    def inside(self, name: str, *command: str) -> list[str]:
        """Return a command as one that runs in a namespace."""
        return ["ip", "netns", "exec", self._spaces[name], *command]

    def start(self, name: str, what: str, home: Path, *, module: str = "openline.cli") -> subprocess.Popen[bytes]:
        """Start a daemon in a namespace."""
        command = self.inside(name, sys.executable, "-m", module, what, "run", "--home", str(home))
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)

    def cut(self, name: str) -> None:
        """Cut one machine off."""
        self._ip("-n", self._spaces[name], "link", "set", "line", "down")

    def join(self, name: str) -> None:
        """Undo `cut`."""
        self._ip("-n", self._spaces[name], "link", "set", "line", "up")

    def _make(self) -> None:
        switch, *others = self._names
        for space in self._spaces.values():
            self._ip("netns", "add", space)
            self._ip("-n", space, "link", "set", "lo", "up")
        self._ip("-n", self._spaces[switch], "link", "add", "switch", "type", "bridge")
        self._ip("-n", self._spaces[switch], "addr", "add", f"{SWITCH}/24", "dev", "switch")
        self._ip("-n", self._spaces[switch], "link", "set", "switch", "up")
        for number, name in enumerate(others, 2):
            space, port = self._spaces[name], f"port{number}"
            self._ip("-n", self._spaces[switch], "link", "add", port, "type", "veth", "peer", "line", "netns", space)
            self._ip("-n", self._spaces[switch], "link", "set", port, "master", "switch")
            self._ip("-n", self._spaces[switch], "link", "set", port, "up")
            self._ip("-n", space, "addr", "add", f"10.77.0.{number}/24", "dev", "line")
            self._ip("-n", space, "link", "set", "line", "up")

    @staticmethod
    def _ip(*arguments: str) -> None:
        subprocess.run(["ip", *arguments], check=True, capture_output=True)
