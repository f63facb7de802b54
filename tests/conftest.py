"""What every test shares: how long Hypothesis looks."""

import os

from hypothesis import HealthCheck, Phase, settings

# A property holds or fails by its examples, never by the machine's speed.
ALWAYS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)

settings.register_profile("quick", ALWAYS, max_examples=25)
# The same examples on every run: a red run can be repeated, a green one means the same thing tomorrow.
settings.register_profile("ci", ALWAYS, max_examples=100, derandomize=True, database=None)
settings.register_profile("long", ALWAYS, max_examples=5_000)
# For mutation testing it is enough to know that an example fails; which is the smallest does not matter.
settings.register_profile(
    "mutants", ALWAYS, max_examples=25, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
