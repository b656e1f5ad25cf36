"""What moderators and editors may do at the desk besides deciding, and reasons to begin with."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

RIGHTS = """
    comments.view_savedreason comments.add_savedreason comments.change_savedreason
    comments.delete_savedreason comments.view_appeal comments.view_notice accounts.view_sighting
""".split()

REASONS = [
    ("The person", "Argue with the point, not with the person."),
    ("The subject", "This leads away from what the article is about."),
    ("Advertising", "This offers something for sale."),
    ("Said before", "You have said this here already."),
    ("Private", "This says of somebody what is theirs alone to tell."),
    ("Sources", "A grave claim about somebody needs a source that others can check."),
    ("Hatred", "This belittles people for what they are."),
]


def make(apps, schema_editor):
    for label in ("accounts", "comments"):
        app = apps.get_app_config(label)
        app.models_module = True
        create_permissions(app, apps=apps, verbosity=0)
        app.models_module = None
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for group in Group.objects.filter(name__in=["Moderator", "Editor"]):
        for right in RIGHTS:
            label, codename = right.split(".")
            group.permissions.add(
                Permission.objects.get(content_type__app_label=label, codename=codename)
            )
    SavedReason = apps.get_model("comments", "SavedReason")
    SavedReason.objects.bulk_create(
        SavedReason(title=title, text=text, order=order)
        for order, (title, text) in enumerate(REASONS)
    )


class Migration(migrations.Migration):
    dependencies = [("comments", "0007_desk"), ("accounts", "0004_record")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
