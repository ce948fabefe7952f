"""The program as the people of an exhibit ran it: on their machine, and with the accounts that its history names.

Started by its path, as ``python tests/museum/curator.py WORDS``. The campaign gives roles to accounts of the operating
system, which are not those of whoever runs the tests; MUSEUM_ACCOUNT names another than the organiser's. Where
MUSEUM_LATER is set, it is a later program, whose law has one more state.
"""

import os
import platform
import pwd
import runpy

ACCOUNT = os.environ.get("MUSEUM_ACCOUNT", "organiser")


def known_as(uid: int) -> pwd.struct_passwd:
    return pwd.struct_passwd((ACCOUNT, "x", uid, uid, "", "/", "/bin/sh"))


pwd.getpwuid = known_as
platform.node = lambda: "museum"

if __name__ == "__main__":
    if "MUSEUM_LATER" in os.environ:
        from tests.builders.ninth_room import become_later

        become_later()
    runpy.run_module("cli", run_name="__main__")
