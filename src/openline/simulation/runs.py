"""One seed, from its plan to its verdict."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from openline.catalogue.kinds import CATALOGUE
from openline.charter import ApprovalRule, Rules
from openline.errors import OpenlineError
from openline.ports import Suite
from openline.simulation.agenda import Restless
from openline.simulation.checks import Nonces, Violated
from openline.simulation.courses import ASKED, DEADLINE_S
from openline.simulation.endings import conclude, settle
from openline.simulation.faults import KINDS
from openline.simulation.plan import Plan, Shape, draw_plan
from openline.simulation.setting import Setting, make_setting
from openline.simulation.suite import SeededSuite
from openline.simulation.talk import QUESTION
from openline.simulation.walked import remembered
from openline.simulation.world import MakeDisk, World, memory_disk
from openline.wire.statement import Authority

STORE_EVERY = 10  # seeds: one of so many runs on the shipped store, which is ten times as slow as rows in memory
HEADS_MS = 130_000  # stations look each minute whether an hour has struck: then heads are signed, cosigned and offered
STEPS_MIN = 100  # a seed counts from here on, and only if at least one fault took effect

MakeSuite = Callable[[Nonces], Suite]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one seed.  `checker` is empty if every rule held."""

    plan: Plan
    steps: int
    taken: dict[str, int]
    refusals: dict[str, int]
    settled_ms: int
    checker: str = ""
    words: str = ""
    trace: str = ""
    story: tuple[str, ...] = field(default=(), repr=False)
    on_store: bool = False
    walked: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def counts(self) -> bool:
        """Whether this seed was a trial at all."""
        return self.steps >= STEPS_MIN and bool(self.taken)


def seeded_suite(nonces: Nonces) -> Suite:
    """Return the made suite, watched by the nonce checker."""
    return SeededSuite(nonces.sealed)


class Runner:
    """Runs plans.  Settings are built once for each shape and suite.

    on_store: makes the disks of every tenth seed; None if all have the usual ones.
    """

    def __init__(
        self, make_suite: MakeSuite = seeded_suite, make_disk: MakeDisk = memory_disk, on_store: MakeDisk | None = None
    ) -> None:
        self.on_store = on_store
        self._make_suite = make_suite
        self._make_disk = make_disk
        self._settings: dict[Shape, Setting] = {}

    def setting(self, shape: Shape) -> Setting:
        """Return the line of a shape, under a charter that asks two officers for a question."""
        if shape not in self._settings:
            two = (Authority.DUTY_OFFICER, Authority.RELEASER)
            deadlines = sorted((CATALOGUE.kind(code).number, DEADLINE_S) for code in ASKED)
            approvals = (ApprovalRule(CATALOGUE.kind(QUESTION).number, (two,)),)
            rules = Rules(approvals=approvals, deadlines=tuple(deadlines))
            suite = self._make_suite(Nonces())
            made = make_setting(
                suite, shape.parties, shape.stations, shape.relays, rules=rules, mediator=shape.mediator
            )
            self._settings[shape] = made
        return self._settings[shape]

    def run(self, plan: Plan, *, traced: bool = False) -> Result:
        """Run one plan to its end, or to the first rule that is broken."""
        nonces = Nonces()
        on_store = self.on_store is not None and plan.seed % STORE_EVERY == 0
        make_disk = self.on_store if self.on_store is not None and on_store else self._make_disk
        suite = self._make_suite(nonces)
        world = World(plan, self.setting(plan.shape), suite, nonces, make_disk=make_disk, traced=traced)
        settled_ms, checker, words = 0, "", ""
        walked: set[str] = set()
        try:
            with remembered(walked):
                world.begin()
                world.agenda.run(plan.heals_ms)
                world.heal()
                settled_ms = settle(world)
                if plan.begins_s:
                    world.agenda.run(world.agenda.now_ms + HEADS_MS)
                    settle(world)
                conclude(world)
        except Violated as violated:
            checker, words = violated.checker, violated.message
        except Restless as restless:
            checker, words = "converges", restless.message
        except (OpenlineError, ValueError, LookupError, TypeError, AttributeError, AssertionError) as fault:
            checker, words = "exception", f"{type(fault).__name__}: {fault}"
        trace = world.trace() if traced else ""
        taken = dict(sorted(world.faults.taken.items()))
        world.agenda.tell(words or "all is quiet; every rule held")
        result = Result(
            plan, world.steps, taken, world.refusals, settled_ms, checker, words, trace, tuple(world.agenda.story),
            on_store, frozenset(walked),
        )  # fmt: skip
        world.end()
        return result


def run_seed(runner: Runner, seed: int, allowed: Collection[str] = KINDS, *, traced: bool = False) -> Result:
    """Draw a seed's plan and run it."""
    return runner.run(draw_plan(seed, allowed), traced=traced)


def shrink(runner: Runner, result: Result, tries_most: int = 400) -> Result:
    """Return the smallest run found that fails by the same checker: fewer happenings, kinds of faults and strikes."""
    best, tries = result, 0
    progress = True
    while progress and tries < tries_most:
        progress = False
        for plan in _smaller(best.plan):
            tries += 1
            tried = runner.run(plan)
            if tried.checker == result.checker:
                best, progress = tried, True
                break
            if tries >= tries_most:
                break
    return best


def _smaller(plan: Plan) -> list[Plan]:
    """Return plans that ask for less, the boldest first."""
    plans = [replace(plan, chances={k: v for k, v in plan.chances.items() if k != kind}) for kind in plan.chances]
    if plan.skews_s:
        plans.append(replace(plan, skews_s={}))
    if plan.begins_s:
        plans.append(replace(plan, begins_s=0))
    if plan.chances:
        plans += [replace(plan, most=most) for most in (0, plan.most // 2, plan.most - 1) if 0 <= most < plan.most]
        plans += [replace(plan, spared=plan.spared | {n}) for n in range(1, plan.most + 1) if n not in plan.spared]
    happenings = plan.happenings
    plans += [replace(plan, happenings=happenings[:at] + happenings[at + 1 :]) for at in range(len(happenings))]
    return plans
