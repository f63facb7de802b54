"""Every target, by name."""

from __future__ import annotations

from fuzz import boundary_targets, live_targets, trust_targets, wire_targets
from fuzz.target import Target

TARGETS: dict[str, Target] = {
    target.name: target
    for targets in (wire_targets.TARGETS, trust_targets.TARGETS, boundary_targets.TARGETS, live_targets.TARGETS)
    for target in targets
}
