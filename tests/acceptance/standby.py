"""A program that stands by with everything imported, so that a page's fifty commands do not import it fifty times.

``python -m tests.acceptance.standby SOCKET`` serves; a ``CLIENT`` passes on its words, folder, environment and
three streams, and ends as the command ends. Each command is a process of its own, as it is for people.
"""

import json
import os
import signal
import socket
import sys
from importlib import import_module

CLIENT = """\
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as line:
    line.connect(sys.argv[1])
    told = json.dumps([sys.argv[2:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(line, [len(told).to_bytes(4, "big")], [0, 1, 2])
    line.sendall(told)
    sys.exit(line.recv(1)[0])
"""
_NEEDED = (
    "sqlmodel",
    "typer",
    "rich.table",
    "rich.console",
    "rich.progress",
    "openpyxl",
    "alembic.command",
    "lxml.etree",
)
_OWN = ("workflow.engine.campaign", "workflow.engine.undo", "workflow.post.dispatch", "workflow.intake.take")


def serve(path: str) -> None:
    for module in (*_NEEDED, *_OWN):
        import_module(module)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen()
        while True:
            line, _ = door.accept()
            with line:
                if os.fork() == 0:
                    door.close()
                    _obey(line)


def _obey(line: socket.socket) -> None:
    """Become the command, and never return."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    head, streams, _, _ = socket.recv_fds(line, 4, 3)
    with line.makefile("rb") as told:
        words, folder, environment = json.loads(told.read(int.from_bytes(head, "big")))
    for own, given in enumerate(streams):
        os.dup2(given, own)
        os.close(given)
    sys.stdin, sys.stdout, sys.stderr = (open(own, mode, closefd=False) for own, mode in enumerate("rww"))  # noqa: SIM115
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["anli", *words]
    status = 1
    try:
        import_module("cli").main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - whatever it was, the page shows it
        sys.excepthook(*sys.exc_info())
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        line.sendall(bytes([status]))
        os._exit(status)


if __name__ == "__main__":
    serve(sys.argv[1])
