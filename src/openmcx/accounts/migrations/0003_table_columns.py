"""What columns of tables a person chose."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_notifications'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='table_columns',
            field=models.JSONField(blank=True, default=dict, verbose_name='chosen columns of tables'),
        ),
    ]
