from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0002_search")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="poster",
            field=models.CharField(blank=True, default="", editable=False, max_length=60),
            preserve_default=False,
        ),
    ]
