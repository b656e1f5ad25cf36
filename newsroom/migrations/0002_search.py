"""The index of the articles' words, and in it the articles that are there."""

from django.db import migrations

from newsroom.index import rebuild
from newsroom.models.article_words import ARTICLE_WORDS, entry

CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE newsroom_article_words "
        "USING fts5(headline, about, body, tokenize='unicode61 remove_diacritics 2')"
    ],
    "postgresql": [
        "CREATE TABLE newsroom_article_words (id bigint PRIMARY KEY, words tsvector NOT NULL)",
        # Without a list of what is to be sorted in later: every search would read it.
        "CREATE INDEX newsroom_article_words_gin ON newsroom_article_words "
        "USING gin (words) WITH (fastupdate = off)",
    ],
}


def create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)
    articles = apps.get_model("newsroom", "Article").objects.all()
    for _count in rebuild(ARTICLE_WORDS, articles, entry):
        pass


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0001_initial")]
    operations = [
        migrations.RunPython(
            create,
            lambda apps, schema_editor: schema_editor.execute("DROP TABLE newsroom_article_words"),
        )
    ]
