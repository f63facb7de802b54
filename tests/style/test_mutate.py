"""The mutator itself: what it changes, what it leaves alone, and that it tells a good test from a missing one."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tools.judging import changed_function
from tools.mutants import Mutant, chosen_of, mutants_of

ROOT = Path(__file__).resolve().parents[2]

SAMPLE = '''"""A sample with a docstring of 5 words."""

LIMIT: int = 3


def within(number: int, text: str = "a") -> bool:
    """Return whether 1 <= number."""
    if not text and number < LIMIT:
        raise ValueError("a sentence that people read", 7)
    return number == 1 or text in ("b", "c")
'''


def of(tmp_path: Path, source: str = SAMPLE) -> list[Mutant]:
    path = tmp_path / "sample.py"
    path.write_text(source, encoding="utf-8")
    return list(mutants_of(path, "sample.py"))


def test_every_kind_of_change_is_made(tmp_path: Path) -> None:
    made = {(mutant.before, mutant.after) for mutant in of(tmp_path)}
    assert {
        ("3", "4"),
        ("3", "2"),
        ("number < LIMIT", "number <= LIMIT"),
        ("number < LIMIT", "number >= LIMIT"),
        ("number == 1", "number != 1"),
        ("not text and number < LIMIT", "not text or number < LIMIT"),
        ("not text and number < LIMIT", "number < LIMIT"),
        ("not text", "text"),
        ("text in ('b', 'c')", "text not in ('b', 'c')"),
        ("'b'", "'bx'"),
        ("raise ValueError('a sentence that people read', 7)", "pass"),
        ("return number == 1 or text in ('b', 'c')", "return None"),
    } <= made


def test_words_for_people_docstrings_and_annotations_are_left_alone(tmp_path: Path) -> None:
    for mutant in of(tmp_path):
        compile(mutant.source, "sample.py", "exec")
        assert "A sample with a docstring of 5 words." in mutant.source
        assert "LIMIT: int" in mutant.source
        assert "a sentence that people read" in mutant.source or "pass" in mutant.after


def test_each_mutant_changes_exactly_one_place(tmp_path: Path) -> None:
    sources = [mutant.source for mutant in of(tmp_path)]
    assert len(sources) == len(set(sources))


def test_what_is_no_program_is_no_mutant(tmp_path: Path) -> None:
    """A pattern may not name one key twice: `case {1: a, 1: b}` cannot be imported, so no test could judge it."""
    source = "def pair(value):\n    match value:\n        case {0: one, 1: other}:\n            return one - other\n"
    changed = [mutant.after for mutant in of(tmp_path, source) if mutant.line == 3]
    assert sorted(changed) == ["-1", "2"], "neither 1 for 0 nor 0 for 1"


def test_the_seed_draws_the_same_mutants_again() -> None:
    first, every = chosen_of(ROOT, "tlog", 12, 5)
    again, still = chosen_of(ROOT, "tlog", 12, 5)
    assert ([mutant.source for mutant in again], still) == ([mutant.source for mutant in first], every)
    assert [mutant.source for mutant in chosen_of(ROOT, "tlog", 12, 6)[0]] != [mutant.source for mutant in first]
    assert every > 400


COUNTING = '''def count(least: int) -> int:
    """Return the smallest multiple of 4 that is not below `least`."""
    found = 0
    while found < least:
        found += 4
    return found


def untested() -> int:
    return 7


def twice(number: int) -> int:
    return number + number


FOUR = twice(2)
'''

TEST_OF_COUNTING = """from openline.counting import FOUR, count


def test_it_counts():
    assert (count(5), count(8), count(0)) == (8, 8, 0)


def test_twice():
    assert FOUR == 4
"""


def small_project(root: Path) -> None:
    """A project with one package and its tests, committed."""
    for name in ("src/openline/counting", "tests/counting", "vectors", "docs"):
        (root / name).mkdir(parents=True)
    (root / "pyproject.toml").write_text("[tool.pytest.ini_options]\n", encoding="utf-8")
    (root / "src/openline/__init__.py").touch()
    (root / "src/openline/counting/__init__.py").write_text(COUNTING, encoding="utf-8")
    (root / "tests/counting/test_counting.py").write_text(TEST_OF_COUNTING, encoding="utf-8")
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example", "-C", str(root)]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "small"]):
        subprocess.run([*git, *command], check=True)


def mutate(root: Path, *options: str) -> tuple[str, Any]:
    """Judge the small project as the real one is judged, in a process of its own; return what was said and recorded."""
    program = (
        "import sys; from pathlib import Path; from tools import judging, mutate; judging.SPARE_S = 1; "
        "mutate.ROOT = Path(sys.argv[1]); "
        "mutate.main(['counting', '--record', sys.argv[1] + '/record.jsonl', *sys.argv[2:]])"
    )
    command = [sys.executable, "-c", program, str(root), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads((root / "record.jsonl").read_text(encoding="utf-8").splitlines()[-1])


def test_a_noticed_mutant_is_told_from_one_that_survives_and_one_that_never_ends(tmp_path: Path) -> None:
    small_project(tmp_path)
    said, told = mutate(tmp_path, "--jobs", "2")
    survived = {(one["before"], one["after"]) for one in told["survivors"]}
    assert survived == {("7", "8"), ("7", "6"), ("return 7", "return None")}
    endless = {(one["before"], one["after"]) for one in told["endless"]}
    assert {("found += 4", "pass"), ("0", "-1")} & endless == {("found += 4", "pass")}
    assert told["mutants"] == told["of"] > 12
    assert (told["noticed"], told["left"]) == (told["of"] - 3, [])
    assert said.count("survived") == 3


def test_what_a_run_left_open_is_judged_again_wherever_it_stands_now(tmp_path: Path) -> None:
    """Time was over before anything was judged; then a test is written, one line moves and another one goes."""
    small_project(tmp_path)
    _, first = mutate(tmp_path, "--minutes", "0")
    assert (first["mutants"], len(first["left"])) == (0, first["of"])
    source = COUNTING.replace("FOUR = twice(2)", "FOUR = 4").replace("def untested", "# moved\ndef untested")
    (tmp_path / "src/openline/counting/__init__.py").write_text(source, encoding="utf-8")
    with (tmp_path / "tests/counting/test_counting.py").open("a", encoding="utf-8") as file:
        file.write("\ndef test_seven():\n    from openline.counting import untested\n    assert untested() == 7\n")
    said, again = mutate(tmp_path, "--again")
    assert {one["before"] for one in again["gone"]} == {"2"}
    assert again["mutants"] == first["of"] - len(again["gone"])
    assert {one["line"] for one in again["survivors"]} == {
        COUNTING.splitlines().index("    return number + number") + 2
    }
    assert "left of seed 1" in said


def test_a_change_in_one_function_is_told_from_one_of_what_runs_on_import(tmp_path: Path) -> None:
    path = tmp_path / "sample.py"
    path.write_text(COUNTING, encoding="utf-8")
    sound = compile(COUNTING, "sample.py", "exec")
    for mutant in mutants_of(path, "sample.py"):
        changed = changed_function(mutant, sound, early=())
        if mutant.line == COUNTING.count("\n"):
            assert changed is None
        else:
            assert changed is not None
            assert changed[0].co_name == changed[1].co_name
            assert changed_function(mutant, sound, early={mutant.line}) is None


def test_a_test_is_chosen_by_the_lines_of_the_statement_that_is_changed(tmp_path: Path) -> None:
    source = "def both(a: int) -> int:\n    if (\n        a > 1\n    ):\n        return a\n    return 0\n"
    lines = {(mutant.before, mutant.lines) for mutant in of(tmp_path, source) if mutant.line < 5}
    assert {("a > 1", range(2, 5)), ("1", range(2, 5))} <= lines
    assert {mutant.lines for mutant in of(tmp_path, source) if mutant.before == "return a"} == {range(5, 6)}
