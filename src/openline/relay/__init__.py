"""A relay: the mailbox, a store and a listener, driven by one loop.  It can read nothing of what it carries.

create_relay_home(home)                    once: key, empty list of lines; returns the pin for the roster
admit_line(home, post_keys)                for each line; then SIGHUP to a running relay
run_relay(RelayConfig(home, host, port))   until SIGTERM
"""

from openline.relay.home import RelayConfig, admit_line, create_relay_home, read_lines
from openline.relay.server import RelayServer, run_relay
from openline.relay.settings import relay_settings, require_host

__all__ = [
    "RelayConfig",
    "RelayServer",
    "admit_line",
    "create_relay_home",
    "read_lines",
    "relay_settings",
    "require_host",
    "run_relay",
]
