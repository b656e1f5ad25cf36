"""The house rules a new paper begins with; an editor writes the next version in the admin."""

from django.db import migrations
from django.utils import timezone

CLAUSES = [
    (
        "Argue with the point, not the person.",
        "No insults, neither to those who take part nor to those the article is about.",
    ),
    (
        "No hatred, no threats.",
        "Nothing that belittles people for what they are, calls for harm, or cheers it.",
    ),
    (
        "Keep to the subject.",
        "A discussion belongs to its article. What leads elsewhere belongs elsewhere.",
    ),
    (
        "No advertising, no repetition.",
        "Nothing for sale, no campaign texts, and nothing said twice.",
    ),
    (
        "Leave people their privacy, and be nobody but yourself.",
        "No addresses, numbers or private matters of others, and no pretending to be somebody.",
    ),
    (
        "Nothing unlawful, and sources for grave claims.",
        "Who accuses somebody of something serious says how they know.",
    ),
    (
        "Write so that others can read it.",
        "In the language of the article, in sentences, without shouting.",
    ),
]


def write(apps, schema_editor):
    Rulebook = apps.get_model("accounts", "Rulebook")
    Clause = apps.get_model("accounts", "Clause")
    rulebook = Rulebook.objects.create(
        version=1,
        introduction=(
            "Everybody may disagree here. These rules are what makes it worth reading. Whoever "
            "breaks them has the comment removed and is told under which rule; who keeps breaking "
            "them may not comment for a while. Every such decision can be appealed."
        ),
        published_at=timezone.now(),
    )
    Clause.objects.bulk_create(
        Clause(rulebook=rulebook, number=number, title=title, text=text)
        for number, (title, text) in enumerate(CLAUSES, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
