"""A peer of the line: a signed and sealed message through NATS JetStream, and a signed receipt back.

What it has in common with the line: every message is signed (Ed25519) and sealed (AES-256-GCM-SIV), the server syncs
every write (`sync_interval: always`), and a message counts when a signed receipt for it has come and verified.
What it lacks: stores of their own at sender and receiver (three synced commits a message), logs, proofs, keys that
change, TLS, statements with meaning.  So it is a floor, not an equal.

Run by `python -m benchmarks.line`; roles are processes of their own, as in the line's own measurement.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

import nats
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair
from nats.aio.msg import Msg

PAYLOAD = bytes(range(83))  # as many bytes as a launch notification's statement
WINDOW = 256
KEY, SIGNER, RECEIPTER = b"k" * 32, b"s" * 32, b"r" * 32
PAIRS = {seed: crypto_sign_seed_keypair(seed) for seed in (SIGNER, RECEIPTER)}  # public and secret
SEALS = AESGCMSIV(KEY)
CONFIG = 'listen: "127.0.0.1:{port}"\njetstream {{ store_dir: "{store}"\n sync_interval: always }}\n'


def seal(number: int, payload: bytes, seed: bytes) -> bytes:
    """Return a signed and sealed message: number 8, text and tag."""
    position = number.to_bytes(8, "big")
    signature = crypto_sign(position + payload, PAIRS[seed][1])[:64]
    return position + SEALS.encrypt(bytes(4) + position, payload + signature, position)


def open_sealed(data: bytes, seed: bytes) -> tuple[int, bytes]:
    """Return number and payload; raise if seal or signature is wrong."""
    position, sealed = data[:8], data[8:]
    text = SEALS.decrypt(bytes(4) + position, sealed, position)
    payload, signature = text[:-64], text[-64:]
    crypto_sign_open(signature + position + payload, PAIRS[seed][0])
    return int.from_bytes(position, "big"), payload


async def receive(port: int) -> None:
    """Take messages, verify each, and answer every batch with one signed receipt."""
    client = await nats.connect(f"nats://127.0.0.1:{port}")
    stream = client.jetstream()
    while True:
        try:
            taken = await stream.pull_subscribe("line.said", durable="receiver")
            break
        except nats.js.errors.NotFoundError:
            await asyncio.sleep(0.1)  # the sender makes the stream
    held = 0
    while True:
        try:
            messages = await taken.fetch(64, timeout=5)
        except TimeoutError:
            continue
        for message in messages:
            open_sealed(message.data, SIGNER)
            await message.ack()
        held += len(messages)
        await stream.publish("line.receipts", seal(held, b"", RECEIPTER))


async def measure(port: int, single: int, many: int) -> dict[str, Any]:
    """Return messages a second at full load, and the time until the receipt one at a time, in milliseconds."""
    client = await nats.connect(f"nats://127.0.0.1:{port}")
    stream = client.jetstream()
    await stream.add_stream(name="line", subjects=["line.*"])
    held, changed = 0, asyncio.Event()

    async def receipt(message: Msg) -> None:
        nonlocal held
        held = max(held, open_sealed(message.data, RECEIPTER)[0])
        changed.set()

    await client.subscribe("line.receipts", cb=receipt)
    said, latency = 0, []
    for _ in range(single):
        began = time.perf_counter()
        said += 1
        await stream.publish("line.said", seal(said, PAYLOAD, SIGNER))
        while held < said:
            changed.clear()
            await changed.wait()
        latency.append((time.perf_counter() - began) * 1000)
    began, end = time.perf_counter(), said + many
    waiting: set[asyncio.Future[Any]] = set()
    while held < end:
        while said < end and said - held < WINDOW:
            said += 1
            task = asyncio.ensure_future(stream.publish("line.said", seal(said, PAYLOAD, SIGNER)))
            waiting.add(task)
            task.add_done_callback(waiting.discard)
        changed.clear()
        await changed.wait()
    steps = quantiles(latency[1:], n=100)
    return {
        "messages_s": round(many / (time.perf_counter() - began)),
        "receipt_ms": {"p50": round(steps[49], 3), "p99": round(steps[98], 3)},
    }


def run(single: int, many: int, port: int = 42_221) -> dict[str, Any]:
    """Start a server on loopback, measure, end it; return the figures."""
    with tempfile.TemporaryDirectory(prefix="openline-nats-") as folder:
        config = Path(folder) / "server.conf"
        config.write_text(CONFIG.format(port=port, store=folder), encoding="utf-8")
        server = subprocess.Popen(
            [Path(sys.executable).parent / "nats-server", "-c", config], stderr=subprocess.DEVNULL
        )
        processes = [server]
        try:
            time.sleep(1.0)
            processes.append(
                subprocess.Popen([sys.executable, __file__, "receive", str(port)], stderr=subprocess.DEVNULL)
            )
            return asyncio.run(measure(port, single, many))
        finally:
            for process in reversed(processes):
                process.terminate()
                process.wait()


if __name__ == "__main__":
    if sys.argv[1] == "receive":
        asyncio.run(receive(int(sys.argv[2])))
    else:
        sys.stdout.write(json.dumps(run(int(sys.argv[2]), int(sys.argv[3]))) + "\n")
