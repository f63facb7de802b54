"""An open crisis line."""
