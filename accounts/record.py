"""The record: tables that are only ever added to, because the database refuses anything else.

Nobody on staff edits or deletes what was decided, whatever code they run. The one change that
passes is the pseudonymising of somebody who was erased: the columns named may become empty.
"""

from typing import Any

from django.db import models

KEPT: list[tuple[type[models.Model], list[str]]] = []

POSTGRESQL = """
CREATE OR REPLACE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was jsonb := to_jsonb(OLD);
    is_now jsonb;
    name text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        is_now := to_jsonb(NEW);
        FOREACH name IN ARRAY TG_ARGV LOOP
            IF is_now -> name = 'null'::jsonb THEN
                was := was - name;
                is_now := is_now - name;
            END IF;
        END LOOP;
        IF was = is_now THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the record is only added to' USING ERRCODE = 'restrict_violation';
END $$
"""


def keep(model: type[models.Model], erasable: list[str]) -> None:
    """Let the rows of this table stay as they are written. Apps say so in their `ready()`."""
    KEPT.append((model, erasable))


def seal(connection: Any) -> None:
    """Set the triggers anew. After every migration: one that remakes a table loses them."""
    with connection.cursor() as cursor:
        present = connection.introspection.table_names(cursor)
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL)
        for model, erasable in KEPT:
            if model._meta.db_table in present:
                for statement in triggers(connection.vendor, model, erasable):
                    cursor.execute(statement)


def unseal(connection: Any) -> None:
    """What emptying a whole database needs first, as between two tests; `seal` follows."""
    with connection.cursor() as cursor:
        for model, _erasable in KEPT:
            for name, _event in names(model):
                on = f" ON {model._meta.db_table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def names(model: type[models.Model]) -> list[tuple[str, str]]:
    table = model._meta.db_table
    return [(f"{table}_stays", "DELETE"), (f"{table}_says_what_it_said", "UPDATE")]


def triggers(vendor: str, model: type[models.Model], erasable: list[str]) -> list[str]:
    table = model._meta.db_table
    made = []
    for name, event in names(model):
        if vendor == "postgresql":
            arguments = ", ".join(f"'{column}'" for column in erasable)
            made += [
                f"DROP TRIGGER IF EXISTS {name} ON {table}",
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION only_added_to({arguments})",
            ]
        else:
            when = f"WHEN NOT ({unchanged(model, erasable)})" if event == "UPDATE" else ""
            made += [
                f"DROP TRIGGER IF EXISTS {name}",
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when} "
                "BEGIN SELECT RAISE(ABORT, 'the record is only added to'); END",
            ]
    return made


def unchanged(model: type[models.Model], erasable: list[str]) -> str:
    columns = [field.column for field in model._meta.local_concrete_fields]
    return " AND ".join(
        f"(NEW.{column} IS OLD.{column}"
        + (f" OR NEW.{column} IS NULL)" if column in erasable else ")")
        for column in columns
    )
