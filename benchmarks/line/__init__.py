"""The line and a peer, measured in one run on one machine."""
