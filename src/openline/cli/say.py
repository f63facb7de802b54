"""Saying something: messages, acknowledgements, answers."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from openline.cli.answers import OutOfTime, as_json, clean, tell
from openline.cli.blocks import CAME, Reader, block, width, wrap
from openline.cli.station_call import (
    PerhapsDone,
    asks_alone,
    call,
    chosen_home,
    chosen_language,
    home_option,
    line_option,
    passphrase_option,
    read_passphrase,
)
from openline.errors import Misuse, OpenlineError

OFFICER = re.compile("[0-9]{1,5}")  # as many digits as the largest number in a roster has
SHOWN = 40  # characters of what was typed wrong
WAITS = ("stored", "presented", "acknowledged", "answered")
LOOK_EVERY_S = 0.02
LOOK_ALONE_EVERY_S = 1.0  # each look opens the store, is one more start of it, and keeps a daemon from starting
WAIT_S = 60.0
WORDS_BYTES_MAX = 65_536  # a statement has no more, and its words fewer
STILL_SAID = "`openline show` tells who has it; `openline lines` tells who answers."
FIELDS_BYTES_MAX = 1_048_576  # sixteen times the longest message, in JSON with room around it

_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--precedence", default=None, help="ROUTINE, PRIORITY, IMMEDIATE or FLASH; the kind has its own default."
    ),
    click.option("--officer", default=0, help="Your number in your party's roster, such as 4."),
    click.option("--approve", default="", help="Officers who approve with their key files here, such as 1,2."),
    click.option(
        "--status", default=None, help="ACTUAL, EXERCISE or TEST; default: the first that the charter allows."
    ),
    click.option("--authority", default=None, help="DUTY_OFFICER, RELEASER, DELEGATE, PRINCIPAL or MEDIATOR."),
    click.option("--principal", default=None, help="Whether the principal approved: YES, NO or NOT_STATED."),
    click.option(
        "--came",
        type=click.Choice(list(CAME)),
        default=None,
        help="How the principal's approval came; kept here, never sent. Needs --officer.",
    ),
    click.option("--late", is_flag=True, help="Answer although it came LATE: a second, deliberate step."),
    click.option(
        "--wait",
        type=click.Choice(WAITS),
        default=None,
        help="Return only when every addressee has. A draft: exit code 5.",
    ),
    click.option("--timeout", default=WAIT_S, show_default=True, help="Seconds to wait; then exit code 5."),
)


def saying(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that everything that is said has."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return home_option(line_option(passphrase_option(as_json(command))))


@click.command()
@saying
@click.option(
    "--kind", required=True, help="The kind's code, such as T1, N1 or Q1; `openline catalogue list` shows all."
)
@click.option("--text", default=None, help="The words of a text; - for standard input.")
@click.option("--fields", "fields_file", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help="A JSON file with the kind's fields; - for standard input.")  # fmt: skip
@click.option("--ref", default=None, help="The id of the message that this one is about.")
@click.option("--respond-by", default=None, help="When the answer is due, such as 2026-03-04T05:06Z.")
@click.option("--valid-until", default=None, help="Until when it is valid, likewise.")
@click.option("--pass-to", default=None, help="The unit that must act on it.")
@click.option("--clearance", default="", help="Audiences that it may be shown to, such as 'Security Council'.")
@click.option("--action", default="", help="Codes of the parties that owe a reply; default: every other member.")
def send(kind: str, text: str | None, fields_file: Path | None, action: str, clearance: str, **given: Any) -> None:
    """Say something. Returns once it is durable here, or when --wait is met; a daemon need not run.

    \b
      openline send --home net/alba-1 --kind T1 --text "Radio check" --officer 4 --wait stored
      openline send --home net/alba-1 --kind Q1 --fields question.json --precedence FLASH
      openline send --home net/alba-1 --kind T1 --text - --wait answered < words.txt

    Everybody on this machine can read the options of a command while it runs: give words that are for few with `-`.
    """
    fields, text = read_fields(fields_file), words_of(text)
    parties = [code.strip() for code in action.split(",") if code.strip()]
    audiences = [audience.strip() for audience in clearance.split(",") if audience.strip()]
    chosen = {"kind": kind, "text": text, "fields": fields, "action": parties, "clearance": audiences}
    say_it({**given, **chosen}, given)


@click.command()
@saying
@click.argument("identity", metavar="ID")
def ack(identity: str, **given: Any) -> None:
    """Acknowledge a message: an officer has read it. It promises nothing.

    \b
      openline ack --home net/bora-1 7c91 --officer 4
    """
    say_it({**given, "kind": "ACKNOWLEDGED", "ref": identity}, given)


@click.command("pass-on")
@saying
@click.argument("identity", metavar="ID")
@click.option("--unit", required=True, help="The unit that was told.")
@click.option(
    "--means", default="telephone", show_default=True, help="By what means; `catalogue show PASSED-ON` lists them."
)
@click.option("--at", default=None, help="When, such as 2026-03-04T05:06Z; default: now.")
def pass_on(identity: str, unit: str, means: str, at: str | None, **given: Any) -> None:
    """Say that a message was passed on to the unit that must act.

    \b
      openline pass-on --home net/bora-1 7c91 --unit "air defence" --officer 4
    """
    told = at or time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    fields = {"unit": unit, "means": means, "time": told, "officer": given["officer"]}
    say_it({**given, "kind": "PASSED-ON", "ref": identity, "fields": fields}, given)


@click.command()
@saying
@click.argument("identity", metavar="ID")
@click.argument("reply", metavar="REPLY")
@click.option("--fields", "fields_file", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help="A JSON file with the reply's fields; - for standard input.")  # fmt: skip
@click.option("--typed", multiple=True, metavar="FIELD=TEXT",
              help="What you read back, such as time=18:24Z; once for each field, else you are asked.")  # fmt: skip
def answer(identity: str, reply: str, fields_file: Path | None, typed: tuple[str, ...], **given: Any) -> None:
    """Answer a message with one of the replies that its kind allows, such as YES, NO, CANNOT-SAY, UNDERSTOOD, STANDBY.

    UNDERSTOOD and JOINED read back: time, place, quantity, act and negation are typed again, from what you have
    understood. They are sent as typed and compared at both ends; one wrong field reopens the dialogue, on both screens.

    \b
      openline answer --home net/bora-1 7c91 YES --officer 4 --approve 1,2
      openline answer --home net/bora-1 7c91 UNDERSTOOD --officer 4
      openline answer --home net/bora-1 7c91 UNDERSTOOD --officer 4 --typed time=18:24Z --typed armed=NO
    """
    from openline.cli.reading_back import READS_BACK, read_back

    fields, home, line = read_fields(fields_file), given["home"], given["line"]
    again = None
    if reply.upper() in READS_BACK and fields is None:
        again = read_back(home, line, identity, typed)
    elif typed:
        raise Misuse(f"{reply} reads nothing back", hint="--typed goes with UNDERSTOOD and JOINED, without --fields.")
    say_it({**given, "kind": reply, "ref": identity, "fields": fields, "typed": again}, given)
    for dialogue in [] if given["as_json"] else call(home, {"do": "show", "line": line, "id": identity})["dialogues"]:
        click.echo(f"dialogue with {dialogue['with']}: {dialogue['state']}")


@click.command()
@home_option
@as_json
def drafts(home: Path | None, as_json: bool) -> None:
    """Show what waits for approval: its text, who has approved, who must still, and who refused it.

    What was drafted at another station of your party is here too, and may be approved or refused here.

    \b
      openline drafts --home net/alba-1
    """
    found = call(home, {"do": "drafts"})
    reader = Reader.of(found, chosen_language(home))
    words = [_draft(draft, reader) for draft in found["drafts"]]
    tell(found, json_wanted=as_json, words="\n\n".join(words) or "no drafts")


def _draft(draft: dict[str, Any], reader: Reader) -> str:
    rows = [f"draft, {draft['state']}"]
    if draft["needs"]:
        rows.append(f"needs: {draft['needs']}; each approves with `openline approve {draft['id'][:8]} --officer N`")
    if not draft["said_here"]:
        rows.append(f"drafted at {draft['drafted_at']}, which says it once everybody has approved")
    if draft["refused_by"]:
        rows.append(f"REFUSED by officer {draft['refused_by']}: {clean(draft['reason'])}")
    prefix = f"{draft['exercise']:8}  "
    lines = [part for row in rows for part in wrap(prefix, "  " + row, width())]
    return "\n".join([block(draft, reader, width()), *lines])


@click.command()
@home_option
@click.argument("identity", metavar="DRAFT")
@click.option("--officer", required=True, type=int, help="Your number; your key file must be in this home.")
@passphrase_option
@as_json
def approve(home: Path | None, identity: str, officer: int, passphrase_file: Path | None, as_json: bool) -> None:
    """Approve a draft with your own key. The last approval that its kind demands says it.

    What you sign is the digest of exactly the text that `openline drafts` shows; a changed text has another. Any
    station of your party shows the draft and takes your approval; the one where it was drafted says it.

    \b
      openline approve --home net/alba-1 7c91 --officer 2
    """
    found = [draft for draft in call(home, {"do": "drafts"})["drafts"] if draft["id"].startswith(identity.lower())]
    if len(found) != 1:
        raise Misuse("no draft here begins so, or more than one", hint="`openline drafts` lists them.")
    context = call(home, {"do": "context", "line": found[0]["line"]})
    prepared = {"digest": found[0]["id"], "line": context["line"], "party": context["party"]}
    ((_, signature),) = approve_here(chosen_home(home), prepared, str(officer), passphrase_file)
    done = call(home, {"do": "approve", "id": found[0]["id"], "officer": officer, "signature": signature})
    words = f"said {done['id']}" if done["said"] else "approved; it waits for another officer"
    if done.get("state") == "READY":
        words = f"approved by everybody; {done['drafted_at']}, where it was drafted, says it now"
    tell(done, json_wanted=as_json, words=words)


@click.command()
@home_option
@click.argument("identity", metavar="DRAFT")
@click.option("--officer", required=True, type=int, help="Your number.")
@click.option("--reason", required=True, help="Why; it stays with your party. - for standard input.")
@as_json
def refuse(home: Path | None, identity: str, officer: int, reason: str, as_json: bool) -> None:
    """Refuse a draft, at any station of your party: it can never go out as it stands.

    \b
      openline refuse --home net/alba-1 7c91 --officer 2 --reason "wrong area"
    """
    done = call(home, {"do": "refuse", "id": identity, "officer": officer, "reason": words_of(reason)})
    tell(done, json_wanted=as_json, words="refused; it stays in `openline drafts` with your reason")


@click.command()
@home_option
@click.argument("identity", metavar="ID")
@click.option("--came", type=click.Choice(list(CAME)), required=True, help="How it came.")
@click.option("--officer", required=True, type=int, help="Your number in your party's roster.")
@click.option("--at", default=None, help="When it came, such as 2026-03-04T05:06Z; default: now.")
@as_json
def principal(home: Path | None, identity: str, came: str, officer: int, at: str | None, as_json: bool) -> None:
    """Note how the principal's approval of a draft, or of a message of ours, came. ID is that of either.

    That the principal approved, or did not, is said to everybody, signed (`openline send --principal YES`). How you
    know it is kept at this station alone: nothing of the note is ever sent. `openline drafts` and `show` show it.
    A later note is added to the earlier ones; none is overwritten.

    \b
      openline principal --home net/alba-1 7c91 --came telephone --officer 4
    """
    asked = {"do": "note_principal", "id": identity, "came": came, "officer": officer, "at": at}
    done = call(home, {name: value for name, value in asked.items() if value is not None})
    tell(done, json_wanted=as_json, words=f"noted: it came {CAME[came]}; this stays here")


@click.command()
@saying
@click.option("--yes", is_flag=True, help="Send without asking, for a key that is already guarded.")
def accident(yes: bool, **given: Any) -> None:
    """Say "accident, not attack": an incident of now with everything else UNKNOWN, FLASH. A second key sends it.

    What is known later follows with `openline change`; what matters is that it comes in the first minutes.

    \b
      openline accident --home net/alba-1 --officer 4
    """
    from openline.catalogue.kinds import CATALOGUE

    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    kind = CATALOGUE.kind("N7")
    fields = {field.name: "UNKNOWN" for field in kind.fields if field.unknown}
    fields |= {"type": "accidental_launch", "time": now}
    if not yes:
        lines = call(given["home"], {"do": "lines"})["lines"]
        allowed: list[str] = next(
            (each["statuses"] for each in lines if each["line"].startswith(given["line"].lower())), []
        )
        status = given["status"] or (allowed[0] if allowed else "")
        words = f"{status}  FLASH  {kind.name}: accidental launch at {now}, everything else UNKNOWN"
        click.echo(words, err=True)
        if not click.confirm("Send it to every member of the line?", default=True, err=True):
            raise Misuse("not said: you did not confirm it", hint="Press the key again when it is meant.")
    say_it({**given, "kind": kind.code, "fields": fields}, given)


def words_of(given: str | None) -> str | None:
    """Return the words of an option: for "-" what standard input holds, without its last newline.  Raises Misuse.

    An option stands in the table of processes, where everybody on the machine can read it.
    """
    if given != "-":
        return given
    data = sys.stdin.buffer.read(WORDS_BYTES_MAX + 1)
    if len(data) > WORDS_BYTES_MAX:
        raise Misuse(f"standard input is longer than {WORDS_BYTES_MAX} bytes", hint="No message is so long.")
    try:
        return data.decode("utf-8").removesuffix("\n")
    except UnicodeDecodeError as error:
        raise Misuse("standard input is no text in UTF-8", hint="Save the words in UTF-8.") from error


def read_fields(file: Path | None) -> dict[str, Any] | None:
    """Return the JSON object in a file, or on standard input for "-".  Raises Misuse."""
    if file is None:
        return None
    name = "standard input" if str(file) == "-" else str(file)
    try:
        data = _beginning(file)
        if len(data) > FIELDS_BYTES_MAX:
            raise Misuse(f"{name} is longer than {FIELDS_BYTES_MAX} bytes", hint="No message is so long: name another.")
        fields = json.loads(data.decode("utf-8"), object_pairs_hook=_once_each)
    except OSError as error:
        raise Misuse(f"{name} cannot be read: {error.strerror}", hint="Name a file with the fields as JSON.") from error
    except UnicodeDecodeError as error:
        raise Misuse(f"{name} is no text in UTF-8", hint="Save the fields as JSON in UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise Misuse(f"{name} holds no JSON that can be read", hint=f"What is wrong: {error}.") from error
    if not isinstance(fields, dict):
        raise Misuse(f"{name} holds no JSON object", hint='Write {"name": value, ...}.')
    return fields


def _beginning(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read(FIELDS_BYTES_MAX + 1)
    with file.open("rb") as opened:
        return opened.read(FIELDS_BYTES_MAX + 1)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object.  Raises ValueError if a name stands in it twice: nobody could tell which one is meant."""
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if twice is not None:
        raise ValueError(f"{twice!r} stands in it twice")
    return dict(pairs)


def say_it(request: dict[str, Any], given: dict[str, Any], what_follows: str = "") -> None:
    """Say what a request describes, or keep it as a draft if others must approve it; tell what came of it."""
    home = given["home"]
    asked = {name: value for name, value in request.items() if value is not None and name not in _LOCAL}
    if given["came"] and (str(given["principal"]).upper() != "YES" or not given["officer"]):
        raise Misuse("--came goes with --principal YES and --officer", hint="It says how that approval came to you.")
    prepared = call(home, {**asked, "do": "prepare"})
    if prepared["warning"]:
        click.echo(f"warning: {prepared['warning']}", err=True)
    approvals = approve_here(chosen_home(home), prepared, given["approve"], given["passphrase_file"])
    if prepared["needs"] and not approvals:
        _keep_draft(home, prepared, given)
        return
    said = submit(home, prepared, approvals)
    words = f"said {said['id']}"
    with _said_already(said["id"]):
        _note_came(home, said["id"], given)
        if given["wait"]:
            click.echo(f"{words}; waiting until it is {given['wait']} by every addressee", err=True)
            said["message"] = wait_for(home, said["id"], given["wait"], given["timeout"])
            words += f", {given['wait']} by every addressee"
    tell(said, json_wanted=given["as_json"], words=words + what_follows)


_LOCAL = ("home", "as_json", "wait", "timeout", "approve", "came", "passphrase_file")


@contextmanager
def _said_already(identity: str) -> Iterator[None]:
    """Let whatever goes wrong from here on, Ctrl-C too, carry the id of what was said: it stays said."""
    try:
        yield
    except KeyboardInterrupt as error:
        raise OutOfTime(
            "the waiting was ended here; it stays said and goes on its way", hint=STILL_SAID, id=identity
        ) from error
    except OpenlineError as error:
        error.facts["id"] = identity
        raise


def submit(home: Path | None, prepared: dict[str, Any], approvals: list[tuple[int, str]]) -> dict[str, Any]:
    """Say what was prepared; return its id.  Raises PerhapsDone with the id under which it may have been said."""
    asked = {"do": "submit", "line": prepared["line"], "statement": prepared["statement"], "approvals": approvals}
    try:
        return call(home, asked)
    except PerhapsDone as error:
        look = f"`openline show {prepared['digest'][:16]}` tells whether it was said; say it again only if it was not."
        error.hint = f"Once `openline lines` answers, {look}"
        error.facts["id"] = prepared["digest"]
        raise


def _note_came(home: Path | None, identity: str, given: dict[str, Any]) -> None:
    """Note how the principal's approval came.  A crash before it: said without it; `openline principal` adds it."""
    if given["came"]:
        call(home, {"do": "note_principal", "id": identity, "came": given["came"], "officer": given["officer"]})


def _keep_draft(home: Path | None, prepared: dict[str, Any], given: dict[str, Any]) -> None:
    kept = call(home, {**{name: prepared[name] for name in ("line", "statement", "answering")}, "do": "draft"})
    _note_came(home, kept["id"], given)
    if given["wait"]:
        raise OutOfTime(
            f"not said yet, so nothing was waited for: it is kept as a draft, and needs {prepared['needs']}",
            hint=f"Each approves with: openline approve {kept['id'][:8]} --officer N. The message has the draft's id.",
            draft=kept["id"],
        )
    words = (
        f"draft {kept['id']}\nnot said yet: it needs {prepared['needs']}. "
        f"Each approves with: openline approve {kept['id'][:8]} --officer N"
    )
    tell(
        {"draft": kept["id"], "line": kept["line"], "needs": prepared["needs"]},
        json_wanted=given["as_json"],
        words=words,
    )


def approve_here(
    home: Path, prepared: dict[str, Any], officers: str, passphrase_file: Path | None = None
) -> list[tuple[int, str]]:
    """Return the officers' signatures, made with their key files in this home; each is asked for its passphrase."""
    from openline.identifiers import Digest, LineId
    from openline.runtime.officers import officer_seed
    from openline.sessions import RealSuite
    from openline.wire.entry import approval_signed

    numbers = _officers(officers)
    digest, line = Digest(bytes.fromhex(prepared["digest"])), LineId(bytes.fromhex(prepared["line"]))
    signed = approval_signed(line, prepared["party"], digest)
    signatures = []
    for number in numbers:
        passphrase = read_passphrase(passphrase_file, home / "officers" / f"officer-{number}.key")
        signatures.append((number, RealSuite().sign(officer_seed(home, number, passphrase), signed).hex()))
    return signatures


def _officers(given: str) -> list[int]:
    """Return the officers' numbers in "1,2"."""
    parts = [part.strip() for part in given.split(",") if part.strip()]
    if not all(OFFICER.fullmatch(part) for part in parts):
        raise Misuse(f"{given[:SHOWN]!r} are no officers' numbers", hint="Write --approve 1,2.")
    return sorted({int(part) for part in parts})


def wait_for(home: Path | None, identity: str, status: str, timeout_s: float) -> dict[str, Any]:
    """Return the message once every addressee has this status.  Raises OutOfTime."""
    deadline = time.monotonic() + timeout_s
    while True:
        message = call(home, {"do": "show", "id": identity})
        if status in message["complete"]:
            return message
        left = deadline - time.monotonic()
        if left <= 0:
            raise OutOfTime(
                f"not {status} by every addressee within {timeout_s:g} seconds; it stays said and goes on its way",
                hint=STILL_SAID,
            )
        time.sleep(min(left, LOOK_ALONE_EVERY_S if asks_alone() else LOOK_EVERY_S))
