"""The program with one more state on its main line: ``python -m tests.builders.ninth_room WORDS…``.

Between ``presented`` and ``surveyed`` a case is heard once more. Nothing is changed but what CONTRIBUTING's list for a
new state names: the room and the exit that leads to it, the sentences in the catalogue, the window in the rule book,
and the migration of the CHECKs.
"""

import sys

import states
from states import ROOMS, presented
from states.room import SCORE, SURVEY, Exit, Label, Place, Room

HEAR = Exit("hear", "heard", "hear", "presented")
HEARD = Room(
    name="heard",
    label=Label("已听证", "Heard"),
    place=Place.HELD,
    ranked=True,
    takes=(SCORE, SURVEY),
    exits=presented.ROOM.exits,
)
SENTENCES = {
    "zh": {"state.heard": "已听证", "trigger.hear": "听证", "window.hear": "听证"},
    "en": {"state.heard": "heard", "trigger.hear": "hearing", "window.hear": "hearing"},
}


def add_room() -> None:
    """Before anything else of the program is imported."""
    ahead, *others = presented.ROOM.exits
    assert ahead.target == "surveyed"
    place = ROOMS.index(presented.ROOM)
    before = presented.ROOM._replace(exits=(HEAR, *others))
    states.ROOMS = (*ROOMS[:place], before, HEARD, *ROOMS[place + 1 :])


def add_sentences() -> None:
    from workflow import wording

    for language, sentences in SENTENCES.items():
        vars(wording._catalogue(language))["_catalog"].update(sentences)


def add_migration() -> None:
    """Let a new database have the CHECKs that the models now have."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from sqlalchemy import CheckConstraint, Connection
    from sqlmodel import SQLModel

    from workflow.store import schema
    from workflow.store.protection import find_guards, guards_of

    upgrade = schema.upgrade

    def upgrade_further(connection: Connection) -> None:
        upgrade(connection)
        table = SQLModel.metadata.tables["cases"]
        with Operations(MigrationContext.configure(connection)).batch_alter_table("cases") as cases:
            for check in table.constraints:
                if isinstance(check, CheckConstraint):
                    cases.drop_constraint(str(check.name), "check")
                    cases.create_check_constraint(str(check.name), check.sqltext)
        kept = find_guards(connection)
        for guard in guards_of(connection.dialect.name):
            if guard.name not in kept:  # SQLite alters a table by making it anew, without its triggers
                connection.exec_driver_sql(guard.statement)

    schema.upgrade = upgrade_further


def become_later() -> None:
    """Turn this process into one of the later program, before it has imported anything of the program."""
    add_room()
    add_sentences()
    add_migration()


if __name__ == "__main__":
    become_later()
    from cli import main

    sys.argv[0] = "anli"
    main()
