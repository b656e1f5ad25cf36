"""Each check with its usual setting; editors and moderators set them otherwise."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

from comments.models.check_setting import USUAL


def make(apps, schema_editor):
    app = apps.get_app_config("comments")
    app.models_module = True
    create_permissions(app, apps=apps, verbosity=0)
    app.models_module = None
    Permission = apps.get_model("auth", "Permission")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=["Moderator", "Editor"]):
        group.permissions.add(
            *Permission.objects.filter(
                content_type__app_label="comments",
                codename__in=["view_checksetting", "change_checksetting"],
            )
        )
    apps.get_model("comments", "CheckSetting").objects.bulk_create(
        apps.get_model("comments", "CheckSetting")(
            name=name,
            enabled=usual.enabled,
            number=usual.number,
            words=usual.words,
            reason=usual.reason,
        )
        for name, usual in USUAL.items()
    )


class Migration(migrations.Migration):
    dependencies = [("comments", "0010_checks")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
