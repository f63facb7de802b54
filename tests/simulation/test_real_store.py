"""The shipped store in the made world: power goes, disks fill, syncs fail, old copies come back."""

from pathlib import Path

from openline.cli.store_disks import StoreDisks
from openline.identifiers import station_id
from openline.simulation.plan import Happening, Plan, Shape, What
from openline.simulation.runs import Runner

ALBA, BORA = station_id(1, 1), station_id(2, 1)
CHANCES = {"crash": 0.03, "disk": 0.04, "drop": 0.1}
SAID = (
    Happening(300, What.SAY, ALBA, 1),
    Happening(900, What.SAY, BORA, 3),
    Happening(1_500, What.BACKUP, BORA),
    Happening(6_000, What.SAY, ALBA),
    Happening(9_000, What.RESTORE, BORA),
    Happening(12_000, What.SAY, BORA, 2),
)


def test_the_shipped_store_breaks_no_rule(tmp_path: Path) -> None:
    runner = Runner(make_disk=StoreDisks(tmp_path))
    results = [runner.run(Plan(seed, Shape(), CHANCES, SAID)) for seed in range(8)]
    assert [(result.plan.seed, result.words) for result in results if result.checker] == []
    assert {"crash", "disk", "restore"} <= {name for result in results for name in result.taken}


def test_every_tenth_seed_runs_on_it_and_repeats(tmp_path: Path) -> None:
    runner = Runner(on_store=StoreDisks(tmp_path))
    plans = [Plan(seed, Shape(), CHANCES, SAID) for seed in (9, 10, 10)]
    usual, first, second = (runner.run(plan, traced=True) for plan in plans)
    assert (usual.on_store, first.on_store, second.on_store) == (False, True, True)
    assert first == second
