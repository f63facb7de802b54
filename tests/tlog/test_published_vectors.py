"""Every published Merkle vector, when the optional collection lies beside the project."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from openline.errors import Forged
from openline.tlog import verify_consistency, verify_inclusion, verify_subtree, verify_subtree_inclusion

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT.parent / "shared/vectors/merkle/testdata"
CASES = 518


def verify(kind: str, case: dict[str, Any]) -> None:
    proof = [b64decode(item) for item in case["proof"] or []]
    if kind.endswith("inclusion"):
        leaf, root = b64decode(case["leafHash"]), b64decode(case["root"])
        if kind == "inclusion":
            verify_inclusion(leaf, case["leafIdx"], case["treeSize"], proof, root)
        else:
            verify_subtree_inclusion(leaf, case["leafIdx"], case["start"], case["end"], proof, root)
    else:
        first, second = b64decode(case["root1"]), b64decode(case["root2"])
        if kind == "consistency":
            verify_consistency(case["size1"], first, case["size2"], second, proof)
        else:
            verify_subtree(case["start"], case["end"], case["size"], first, second, proof)


def test_every_published_proof_is_judged_as_published() -> None:
    if not PUBLISHED.is_dir():
        pytest.skip("the published vectors are not beside the project; those in vectors/ are always run")
    wrong = []
    paths = sorted(PUBLISHED.rglob("*.json"))
    for path in paths:
        case = json.loads(path.read_text())
        try:
            verify(path.relative_to(PUBLISHED).parts[0], case)
        except Forged:
            refused = True
        else:
            refused = False
        if refused is not case["wantErr"]:
            wrong.append(f"{path.relative_to(PUBLISHED)}: {case['desc']}")
    assert wrong == []
    assert len(paths) == CASES
