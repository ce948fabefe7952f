"""Debian's Dovecot on loopback, with a configuration and a folder of its own."""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

DOVECOT = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
WHY_NOT = "Debian's dovecot-imapd is not installed"
USER, PASSWORD = "organiser@anli.example", "authorisation-code"
READY_SECONDS = 60

_CONFIGURATION = """
protocols = imap
listen = {host}
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
default_internal_user = {keeper}
default_internal_group = {keepers}
default_login_user = {doorman}
mail_location = maildir:{folder}/mail
first_valid_uid = 1
imap_id_log = *
disable_plaintext_auth = yes
{tls}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={owners} home={folder}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""


class Dovecot:
    """A running server with one mailbox."""

    def __init__(self, folder: Path, host: str, owner: tuple[int, int]) -> None:
        self.folder, self.host, self.owner = folder, host, owner
        self.port, self.tls_port = _free_port(host), _free_port(host)

    def address(self, scheme: str = "imap", folder: str = "") -> str:
        port = self.tls_port if scheme == "imaps" else self.port
        return f"{scheme}://{USER.replace('@', '%40')}@{self.host}:{port}{folder}"

    def deliver(self, name: str, raw: bytes, received_at: datetime, folder: str = "") -> None:
        """Put a mail into the Maildir as a delivery agent does; a Maildir's file time is its INTERNALDATE."""
        box = self.folder / "mail" / folder
        for part in ("tmp", "new", "cur"):
            self._own(box / part)
        file = box / "tmp" / name
        file.write_bytes(raw)
        os.utime(file, (received_at.timestamp(), received_at.timestamp()))
        os.chown(file, *self.owner)
        file.rename(box / "new" / name)

    def mails(self) -> dict[str, str]:
        """The files of the mailbox by name, and their flags as Dovecot keeps them."""
        files = [*(self.folder / "mail" / "cur").iterdir(), *(self.folder / "mail" / "new").iterdir()]
        return {name: flags for name, _, flags in (file.name.partition(":2,") for file in files)}

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")

    def renumber(self) -> None:
        """Lose what was known of the mailbox, as after a restored backup: the UIDVALIDITY changes."""
        for file in (self.folder / "mail").glob("dovecot*"):
            file.unlink()

    def _own(self, folder: Path) -> None:
        for each in (*reversed(folder.relative_to(self.folder).parents), folder.relative_to(self.folder)):
            path = self.folder / each
            if not path.exists():
                path.mkdir()
                os.chown(path, *self.owner)


@contextmanager
def dovecot(host: str = "127.0.0.1", certificate: Path | None = None) -> Iterator[Dovecot]:
    """A server; certificate: the file of a certificate and its key, for imaps and STARTTLS.

    Skips the test where Debian's program is missing, unless ANLI_ALL_TOOLS says that none may be.
    """
    if DOVECOT is None:
        if os.environ.get("ANLI_ALL_TOOLS"):
            pytest.fail(WHY_NOT)
        pytest.skip(WHY_NOT)
    with TemporaryDirectory(prefix="anli-imap-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        root = os.geteuid() == 0
        me = pwd.getpwuid(os.geteuid())
        owner = pwd.getpwnam("nobody") if root else me
        server = Dovecot(folder, host, (owner.pw_uid, owner.pw_gid))
        keeper = pwd.getpwnam("dovecot") if root else me
        tls = "ssl = no"
        if certificate is not None:
            tls = f"ssl = yes\nssl_cert = <{certificate}\nssl_key = <{certificate}"

        (folder / "dovecot.conf").write_text(
            _CONFIGURATION.format(
                folder=folder,
                host=host,
                tls=tls,
                password=PASSWORD,
                keeper=keeper.pw_name,
                keepers=grp.getgrgid(keeper.pw_gid).gr_name,
                doorman="dovenull" if root else me.pw_name,
                owner=owner.pw_uid,
                owners=owner.pw_gid,
                port=server.port,
                tls_port=server.tls_port,
            ),
            "utf-8",
        )
        server._own(folder / "mail" / "new")
        words = [DOVECOT, "-F", "-c", str(folder / "dovecot.conf")]
        with (folder / "said").open("wb") as said:
            process = subprocess.Popen(words, stdout=said, stderr=said)
        try:
            _wait(process, server)
            yield server
        finally:
            process.terminate()
            process.wait(READY_SECONDS)


def _wait(process: "subprocess.Popen[bytes]", server: Dovecot) -> None:
    for _ in range(READY_SECONDS * 20):
        with socket.socket() as probe:
            if probe.connect_ex((server.host, server.port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    pytest.fail(f"dovecot did not start: {(server.folder / 'said').read_text('utf-8', 'replace')}")


def _free_port(host: str) -> int:
    with socket.socket() as free:
        free.bind((host, 0))
        port: int = free.getsockname()[1]
        return port
