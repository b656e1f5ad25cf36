"""The three groups of a newsroom, each with exactly what its work needs."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = {
    # Writes and submits; publishing is an editor's.
    "Author": """
        newsroom.view_section newsroom.view_topic newsroom.add_article newsroom.change_article newsroom.view_article
        newsroom.add_photo newsroom.change_photo newsroom.view_photo
    """,
    # Reads what is reported, decides on comments and people; changes no row by hand.
    "Moderator": """
        comments.moderate_comment comments.view_comment comments.view_report
        comments.view_decision comments.view_sanction comments.view_discussion
        newsroom.view_article newsroom.view_section accounts.view_user accounts.view_rulebook
    """,
    # Runs the paper: publishes, orders sections, opens and closes discussions, writes the rules.
    "Editor": """
        newsroom.add_section newsroom.change_section newsroom.view_section
        newsroom.add_article newsroom.change_article newsroom.view_article
        newsroom.publish_article newsroom.add_topic newsroom.change_topic newsroom.view_topic
        newsroom.add_placement newsroom.change_placement newsroom.view_placement
        newsroom.delete_placement newsroom.add_correction newsroom.view_correction
        newsroom.view_articleversion newsroom.view_subscriber newsroom.view_edition
        newsroom.add_photo newsroom.change_photo newsroom.view_photo newsroom.delete_photo
        comments.view_comment comments.view_report comments.view_decision
        comments.view_sanction comments.view_discussion comments.add_discussion
        comments.change_discussion comments.moderate_comment
        accounts.view_rulebook accounts.add_rulebook accounts.change_rulebook
        accounts.view_clause accounts.add_clause accounts.change_clause
        accounts.view_user
    """,
}


def make(apps, schema_editor):
    # Django makes permissions after all migrations; these groups need them now.
    for label in ("accounts", "newsroom", "comments"):
        app = apps.get_app_config(label)
        app.models_module = True
        create_permissions(app, apps=apps, verbosity=0)
        app.models_module = None
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, wanted in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        for permission in wanted.split():
            label, codename = permission.split(".")
            group.permissions.add(
                Permission.objects.get(content_type__app_label=label, codename=codename)
            )


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0001_initial"),
        ("accounts", "0002_first_rulebook"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
