"""The workshop's own guards: a check that cannot fail is worse than none."""

import re
import sys

import pytest

from tools import check, contracts
from tools.check import CORE, SUMMARY, Outcome, Step, report, run
from tools.contracts import ContractsBroken, applicable, as_ini, kept_names

LAYERS: dict[str, object] = {
    "id": "layers",
    "type": "layers",
    "layers": ["(cli) : (console)", "(wire)", "(errors) | (limits)"],
}


def test_a_contract_may_name_a_package_that_is_not_written_but_not_one_that_is_in_no_layer() -> None:
    layers = contracts.layer_names([LAYERS])
    assert layers == {"cli", "console", "wire", "errors", "limits"}
    assert kept_names(["openline.errors", "socket"], layers) == ["openline.errors", "socket"]
    with pytest.raises(ContractsBroken, match=r"openline\.wier"):
        kept_names(["openline.wier"], layers)


def test_a_contract_with_an_exemption_is_refused() -> None:
    forbidden: dict[str, object] = {
        "id": "x",
        "type": "forbidden",
        "source_modules": ["openline.errors"],
        "ignore_imports": ["a -> b"],
    }
    with pytest.raises(ContractsBroken, match="exemptions"):
        applicable([LAYERS, forbidden])


def test_a_contract_with_nothing_to_judge_yet_is_left_out_and_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contracts, "written", lambda name: name == "errors")
    forbidden: dict[str, object] = {
        "id": "x",
        "type": "forbidden",
        "source_modules": ["openline.cli"],
        "forbidden_modules": ["ssl"],
    }
    assert applicable([LAYERS, forbidden]) == [LAYERS]
    assert "contract x" in capsys.readouterr().out


def test_contracts_are_written_in_the_form_import_linter_reads() -> None:
    text = as_ini([{"id": "x", "name": "Name", "type": "forbidden", "source_modules": ["openline.errors"]}])
    assert "[importlinter:contract:x]\nname = Name\ntype = forbidden\nsource_modules =\n    openline.errors\n" in text


def test_the_core_packages_are_those_whose_every_branch_is_tested() -> None:
    assert set(CORE) == {"wire", "charter", "sessions", "tlog", "engine"}


@pytest.mark.parametrize(
    ("line", "summary"),
    [
        ("2 failed, 51 passed in 1.62s\n", "2 failed, 51 passed in 1.62s"),
        ("===== 4 passed, 1 warning in 0.20s =====\n", "4 passed, 1 warning in 0.20s"),
        ("1 error in 0.05s\n", "1 error in 0.05s"),
        ("300 passed in 83.20s (0:01:23)\n", "300 passed in 83.20s (0:01:23)"),
    ],
)
def test_the_summary_line_of_pytest_is_kept(line: str, summary: str) -> None:
    found = SUMMARY.match(line)
    assert found is not None
    assert found.group(1) == summary


@pytest.mark.parametrize(("code", "status"), [("print('1 passed in 0.01s')", 0), ("raise SystemExit(3)", 3)])
def test_a_step_passes_its_output_on_and_keeps_its_status(
    capsys: pytest.CaptureFixture[str], code: str, status: int
) -> None:
    outcome = run(Step("sample", (sys.executable, "-c", code)))
    assert outcome.status == status
    assert outcome.summary == capsys.readouterr().out.strip()


def test_one_failed_step_fails_the_check_and_the_last_line_counts(capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = Outcome("good", 0, 1.0, ""), Outcome("bad", 1, 2.0, "")
    assert report([good]) == 0
    assert report([good, bad]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 1 failed"


def test_steps_can_be_listed_and_an_unknown_one_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["--list"]) == 0
    assert capsys.readouterr().out.split() == [step.name for step in check.steps()]
    with pytest.raises(SystemExit):
        check.main(["nonsense"])
    assert re.search("no such step: nonsense", capsys.readouterr().err)
