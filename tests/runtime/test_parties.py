"""What a rendering of a line's messages rests on: our code, the charter's consent, the very glossary that it names."""

from hashlib import sha256
from pathlib import Path

from openline.runtime.homes import annex
from openline.runtime.parties import about_parties, missing_glossaries
from openline.wire.payloads import DocumentClass
from tests.engine.pair import ALBA, BORA, Anything, Net

CONTENT = b'[entry.gulf]\ntype = "sea"\nnames = {en = "Gulf of Alba"}\n'


def terms(net: Net, folder: Path) -> Anything:
    about: Anything = about_parties([net.meaning(ALBA)], lambda digest: annex(folder, digest))["terms"]
    return about[net.setting.line[:16].hex()]


def test_the_glossary_is_the_one_whose_hash_the_charter_names_and_no_other(tmp_path: Path) -> None:
    net = Net()
    net.start_all()
    meanings = [net.meaning(ALBA)]
    assert terms(net, tmp_path) == {
        "own": "alba", "accepts_unreviewed": False, "glossary_hash": None, "glossary": None,
    }  # fmt: skip
    assert missing_glossaries(meanings, lambda digest: annex(tmp_path, digest)) == []
    amendment = net.amendment(ALBA, annexes=(("glossary", sha256(CONTENT).digest()),))
    for me in (ALBA, BORA):
        assert net.bring(me, DocumentClass.CHARTER, amendment).good
    (tmp_path / "annexes").mkdir()
    (tmp_path / "annexes" / "names.toml").write_bytes(CONTENT + b"# changed")
    (tmp_path / "annexes" / "folder").mkdir()
    (alarm,) = missing_glossaries([net.meaning(ALBA)], lambda digest: annex(tmp_path, digest))
    assert "is not in this home's annexes" in alarm
    assert terms(net, tmp_path)["glossary"] is None, "another one is not used in its place"
    (tmp_path / "annexes" / "right.toml").write_bytes(CONTENT)
    assert terms(net, tmp_path)["glossary"] == CONTENT.decode()
    assert missing_glossaries([net.meaning(ALBA)], lambda digest: annex(tmp_path, digest)) == []
