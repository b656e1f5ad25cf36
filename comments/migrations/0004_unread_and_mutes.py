import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


def appeared_when_written(apps, schema_editor):
    comments = apps.get_model("comments", "Comment").objects
    comments.exclude(state="pending").update(appeared_at=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0003_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "comment",
            "appeared_at",
            models.DateTimeField(
                null=True, help_text="When it first was public: to readers it is new since then."
            ),
        ),
        migrations.RunPython(appeared_when_written, migrations.RunPython.noop),
        migrations.AddIndex(
            "comment",
            models.Index(
                F("discussion"),
                F("appeared_at"),
                condition=Q(appeared_at__isnull=False, is_public=True),
                name="comments_as_they_appeared",
            ),
        ),
        migrations.CreateModel(
            "LastRead",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateTimeField()),
                (
                    "discussion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="comments.discussion"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "discussion"), name="one_last_read_per_discussion"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            "Mute",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "muted",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="muted_by",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mutes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "muted"), name="one_mute_per_person"),
                    models.CheckConstraint(
                        condition=~Q(person=F("muted")), name="nobody_mutes_themselves"
                    ),
                ]
            },
        ),
    ]
