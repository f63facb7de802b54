"""The world's side of a station: event loop, clocks, entropy, files, processes."""
