"""Debian's Postfix on loopback, in a folder of its own: STARTTLS, Maildirs, and bounces as it really writes them."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.builders.certificate import make_certificate

NOT_LOOPBACK = "127.0.0.2"
"""Loopback to the machine, and not to Anli, which therefore insists on STARTTLS."""
POSTFIX = shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
SERVICES = """\
{host}:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """A running Postfix. address: the ANLI_MAIL that leads to it. vouching: what vouches for its certificate."""

    def __init__(self, folder: Path, port: int, vouching: Path) -> None:
        self.address = f"smtp://{NOT_LOOPBACK}:{port}"
        self.vouching = vouching
        self._folder = folder

    def maildir(self, mailbox: str) -> Path:
        """Where mail to an address comes to lie."""
        return self._folder / "mail" / mailbox

    def wait_for(self, mailbox: str, count: int, seconds: float = 60) -> list[Path]:
        """The mails in a mailbox, once there are so many."""
        end = monotonic() + seconds
        while len(found := sorted((self.maildir(mailbox) / "new").glob("*"))) < count:
            assert monotonic() < end, f"{len(found)} of {count} mails in {mailbox}\n{self.log()}"
            sleep(0.05)
        return found

    def log(self) -> str:
        log = self._folder / "log"
        return log.read_text("utf-8", "replace") if log.is_file() else ""


def why_not() -> str | None:
    """Why there can be no Postfix here."""
    if POSTFIX is None:
        return "Debian's postfix is not installed"
    return "Postfix only starts for the superuser" if os.geteuid() else None


@contextmanager
def open_postfix(mailboxes: Sequence[str]) -> Iterator[Postfix]:
    """A Postfix for the domains of some mailboxes, ``name+anything@domain`` being ``name@domain``'s.

    It takes mail to any other name there, and only then finds that nobody lives there. No mail leaves the machine.
    Skips the test where there can be none, or fails it where no test may be skipped.
    """
    if (reason := why_not()) is not None:
        if os.environ.get("ANLI_ALL_TOOLS"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="anli-postfix-"))
    try:
        folder.chmod(0o755)
        port = _free_port()
        settings = _settings(folder, mailboxes)
        config = folder / "config"
        for name in ("config", "queue", "data", "mail"):
            (folder / name).mkdir()
        shutil.chown(folder / "data", "postfix")
        shutil.chown(folder / "mail", "nobody")
        (config / "master.cf").write_text(SERVICES.format(host=NOT_LOOPBACK, port=port), encoding="ascii")
        (config / "main.cf").write_text("".join(f"{name} = {value}\n" for name, value in settings.items()), "ascii")
        _, vouching = make_certificate(folder, NOT_LOOPBACK)
        running = Postfix(folder, port, vouching)
        _command(config, "start")
        try:
            _await(port, running)
            yield running
        finally:
            _command(config, "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _settings(folder: Path, mailboxes: Sequence[str]) -> Mapping[str, str]:
    nobody = pwd.getpwnam("nobody")
    domains = sorted({mailbox.rpartition("@")[2] for mailbox in mailboxes})
    places = ", ".join(f"{{ {mailbox} = {mailbox}/ }}" for mailbox in mailboxes)
    return {
        "compatibility_level": "3.6",
        "queue_directory": str(folder / "queue"),
        "data_directory": str(folder / "data"),
        "maillog_file": str(folder / "log"),
        "maillog_file_prefixes": str(folder),
        "myhostname": "mx.anli.example",
        "mydestination": "",
        "mynetworks": "127.0.0.0/8",
        "inet_interfaces": "loopback-only",
        "inet_protocols": "ipv4",
        "alias_maps": "",
        "local_recipient_maps": "",
        "default_transport": "error:5.4.4 no mail leaves this machine",
        "recipient_delimiter": "+",
        "virtual_mailbox_domains": " ".join(domains),
        "virtual_mailbox_maps": f"inline:{{ {places} }}",
        "virtual_mailbox_base": str(folder / "mail"),
        "virtual_minimum_uid": "1",
        "virtual_uid_maps": f"static:{nobody.pw_uid}",
        "virtual_gid_maps": f"static:{nobody.pw_gid}",
        "smtpd_reject_unlisted_recipient": "no",
        "smtpd_tls_cert_file": str(folder / "shown.pem"),
        "smtpd_tls_key_file": str(folder / "shown.pem"),
        "smtpd_tls_security_level": "encrypt",
    }


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((NOT_LOOPBACK, 0))
        port: int = free.getsockname()[1]
        return port


def _command(config: Path, word: str) -> None:
    assert POSTFIX is not None
    done = subprocess.run([POSTFIX, "-c", config, word], capture_output=True, text=True, check=False, timeout=60)
    log = config.parent / "log"
    said = log.read_text("utf-8", "replace") if log.is_file() else ""
    assert done.returncode == 0, f"{done.stdout}{done.stderr}{said}"


def _await(port: int, running: Postfix) -> None:
    end = monotonic() + 30
    while True:
        with socket.socket() as caller:
            if caller.connect_ex((NOT_LOOPBACK, port)) == 0 and caller.recv(100).startswith(b"220"):
                return
        assert monotonic() < end, running.log()
        sleep(0.05)
