"""Transparency logs: what was said at which place, held by whom, under whose head; each provable to a third party.

    tree      the RFC 9162 tree by its right edge: append, root, the bytes of a row
    proofs    inclusion and consistency, made from leaf hashes and verified
    receipts  a receiver's signature over the log that it holds
    heads     checkpoints cosigned by owner and receivers (C2SP tlog-cosignature)
    notes     the text forms of checkpoints and proofs (C2SP signed-note, tlog-checkpoint, tlog-proof)

>>> from openline.tlog import Tree, tree_of, prove_inclusion, verify_inclusion
>>> from openline.wire.entry import leaf_hash
>>> leaves = [leaf_hash(text) for text in (b"first", b"second", b"third")]
>>> tree = tree_of(leaves)
>>> tree == Tree().append(leaves[0]).append(leaves[1]).append(leaves[2])
True
>>> proof = prove_inclusion(leaves.__getitem__, 1, tree.size)
>>> verify_inclusion(leaves[1], 1, tree.size, proof, tree.root())
"""

from openline.tlog.heads import (
    Cosigner,
    cosigner_name,
    head_note,
    origin,
    sign_head,
    verify_head,
    verify_note,
)
from openline.tlog.notes import (
    Checkpoint,
    LogProof,
    Note,
    NoteSignature,
    decode_checkpoint,
    decode_log_proof,
    decode_note,
    encode_log_proof,
    encode_note,
    key_id,
    verifier_key,
)
from openline.tlog.proofs import (
    prove_consistency,
    prove_inclusion,
    prove_subtree,
    verify_consistency,
    verify_inclusion,
    verify_subtree,
    verify_subtree_inclusion,
)
from openline.tlog.receipts import Log, sign_receipt, verify_receipt
from openline.tlog.tree import EMPTY_ROOT, Tree, decode_tree, root_from_hashes, tree_of

__all__ = [
    "EMPTY_ROOT", "Checkpoint", "Cosigner", "Log", "LogProof", "Note", "NoteSignature", "Tree", "cosigner_name",
    "decode_checkpoint", "decode_log_proof", "decode_note", "decode_tree", "encode_log_proof", "encode_note",
    "head_note", "key_id", "origin", "prove_consistency", "prove_inclusion", "prove_subtree", "root_from_hashes",
    "sign_head", "sign_receipt", "tree_of", "verifier_key", "verify_consistency", "verify_head", "verify_inclusion",
    "verify_note", "verify_receipt", "verify_subtree", "verify_subtree_inclusion",
]  # fmt: skip
