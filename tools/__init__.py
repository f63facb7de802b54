"""The project's own workshop: what `make test` runs. Nothing here is installed with the package."""
