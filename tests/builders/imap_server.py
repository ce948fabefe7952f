"""An IMAP server on loopback that can be told how to misbehave."""

import re
import socketserver
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

USER, PASSWORD = "organiser@anli.example", "authorisation-code"
DATE = b"20-Jun-2024 10:12:00 +0800"
HANG, DRIP = b"hang", b"drip"
UNSAFE = b"EXAMINE Unsafe Login. Please contact the postmaster for help"


class Kept(NamedTuple):
    """A mail in the mailbox; date: its INTERNALDATE as the server writes it."""

    raw: bytes
    date: bytes = DATE


class Behaviour:
    """faults: for each step, what is sent instead of its answer, in turn; where that does not end the command (TAG
    stands for its tag) the connection is closed afterwards. HANG says nothing, DRIP a byte now and then. heard: every
    step that was asked for."""

    def __init__(self) -> None:
        self.mails: dict[int, Kept] = {}
        self.uidvalidity = 7
        self.capabilities = b"IMAP4rev1 ID"
        self.wants_id = False
        self.faults: defaultdict[str, list[bytes]] = defaultdict(list)
        self.heard: list[str] = []
        self.connections = 0
        self.stopped = threading.Event()
        self.port, self.host = 0, ""

    def address(self, rest: str = "") -> str:
        return f"imap://{USER.replace('@', '%40')}@{self.host}:{self.port}{rest}"

    def bodies(self) -> list[int]:
        """The UIDs whose whole mail was asked for."""
        return [int(step.partition(" ")[2]) for step in self.heard if step.startswith("BODY ")]


class _Talk(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        behaviour = self.server.behaviour
        behaviour.connections += 1
        self.known = False
        with suppress(OSError):
            if self.say("greeting", b"", b"* OK ready\r\n"):
                while (line := self.rfile.readline()) and self.answer(line):
                    pass

    def answer(self, line: bytes) -> bool:
        behaviour = self.server.behaviour
        tag, _, words = line.strip().partition(b" ")
        step = _step(words)
        if step == "ID":
            self.known = True
        said = {
            "CAPABILITY": b"* CAPABILITY " + behaviour.capabilities + b"\r\n",
            "ID": b'* ID ("name" "scripted")\r\n',
            "EXAMINE": b"* %d EXISTS\r\n* OK [UIDVALIDITY %d] here\r\n" % (len(behaviour.mails), behaviour.uidvalidity),
            "SEARCH": b"* SEARCH" + b"".join(b" %d" % uid for uid in behaviour.mails) + b"\r\n",
            "LOGOUT": b"* BYE\r\n",
        }.get(step, b"")
        if step == "EXAMINE" and behaviour.wants_id and not self.known:
            return self.say(step, tag, b"TAG NO " + UNSAFE + b"\r\n")
        kind, _, listed = step.partition(" ")
        for sequence, uid in enumerate(map(int, listed.split(",")) if listed else (), 1):
            if uid in behaviour.mails:
                said += b"* %d FETCH (UID %d %s)\r\n" % (sequence, uid, _fetched(kind, behaviour.mails[uid]))
        return self.say(step, tag, said + b"TAG OK done\r\n") and step != "LOGOUT"

    def say(self, step: str, tag: bytes, usual: bytes) -> bool:
        behaviour = self.server.behaviour
        behaviour.heard.append(step)
        faults = behaviour.faults[step]
        said = faults.pop(0) if faults else usual
        if said == HANG:
            behaviour.stopped.wait()
            return False
        if said == DRIP:
            while not behaviour.stopped.wait(0.05):
                self.wfile.write(b"*")
            return False
        self.wfile.write(re.sub(rb"(?m)^TAG ", tag + b" ", said))
        return said == usual or b"TAG" in said


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    block_on_close = True
    behaviour: Behaviour


def _step(words: bytes) -> str:
    """``LOGIN``, ``EXAMINE``… as they are; ``SIZES 1,2``, ``BODY 1``, ``HEAD 1`` for the kinds of FETCH."""
    words = words.removeprefix(b"UID ")
    if fetch := re.match(rb"FETCH ([0-9,]+) \((.*)\)", words):
        kind = "HEAD" if b"HEADER" in fetch[2] else "BODY" if b"BODY.PEEK[]" in fetch[2] else "SIZES"
        return f"{kind} {fetch[1].decode()}"
    return words.partition(b" ")[0].decode().upper()


def _fetched(kind: str, mail: Kept) -> bytes:
    if kind == "SIZES":
        return b'RFC822.SIZE %d INTERNALDATE "%s"' % (len(mail.raw), mail.date)
    if kind == "HEAD":
        head = mail.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        return b"BODY[HEADER]<0> {%d}\r\n%s" % (len(head), head)
    return b"BODY[] {%d}\r\n%s" % (len(mail.raw), mail.raw)


@contextmanager
def imap_server(*mails: bytes, host: str = "127.0.0.1") -> Iterator[Behaviour]:
    """A running server; its mails have the UIDs 1, 2, 3, …"""
    behaviour = Behaviour()
    behaviour.mails = {uid: Kept(raw) for uid, raw in enumerate(mails, 1)}
    with _Server((host, 0), _Talk) as server:
        server.behaviour = behaviour
        behaviour.host, behaviour.port = host, server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield behaviour
        finally:
            behaviour.stopped.set()
            server.shutdown()
            thread.join()
