"""What is not known here yet: hold what names it, and ask for the document."""

from __future__ import annotations

from openline.errors import Inadmissible


class UnknownCharter(Inadmissible):
    """Something names a charter, or a member of one, that is not held here: hold it, and ask for charters."""


class UnknownOfficer(Inadmissible):
    """Something names an officer that no roster held here lists: hold it, and ask for that party's roster."""
