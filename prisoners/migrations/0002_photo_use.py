from django.db import migrations, models


def keep_withheld(apps, _schema_editor):
    apps.get_model("prisoners", "Person").objects.filter(photo_withheld=True).update(photo_use="withheld")


class Migration(migrations.Migration):
    dependencies = [
        ("prisoners", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="photo_until",
            field=models.DateField(
                blank=True,
                help_text="The last day. After it the file is deleted.",
                null=True,
                verbose_name="show the photo until",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="photo_use",
            field=models.CharField(
                choices=[
                    ("named", "beside the name"),
                    ("unnamed", "without the name, among others of the case"),
                    ("withheld", "not at all, for safety"),
                ],
                default="named",
                max_length=10,
                verbose_name="how the photo may be shown",
            ),
        ),
        migrations.RunPython(keep_withheld, migrations.RunPython.noop),
        migrations.RemoveField(model_name="person", name="photo_withheld"),
    ]
