"""The made world: the engine as it ships, in a world that drops, delays, tears and lies, from one seed."""
