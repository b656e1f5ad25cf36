"""The index of the comments' words, and in it the comments that are there."""

from django.db import migrations

from comments.models.comment_words import COMMENT_WORDS, entry
from newsroom.index import rebuild

CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE comments_comment_words "
        "USING fts5(text, tokenize='unicode61 remove_diacritics 2')"
    ],
    "postgresql": [
        "CREATE TABLE comments_comment_words (id bigint PRIMARY KEY, words tsvector NOT NULL)",
        # Without a list of what is to be sorted in later: every search would read it.
        "CREATE INDEX comments_comment_words_gin ON comments_comment_words "
        "USING gin (words) WITH (fastupdate = off)",
    ],
}


def create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)
    comments = apps.get_model("comments", "Comment").objects
    whole = comments.select_related("current", "discussion__article")
    for _count in rebuild(COMMENT_WORDS, whole, entry):
        pass


class Migration(migrations.Migration):
    dependencies = [("comments", "0002_groups"), ("newsroom", "0002_search")]
    operations = [
        migrations.RunPython(
            create,
            lambda apps, schema_editor: schema_editor.execute("DROP TABLE comments_comment_words"),
        )
    ]
