"""The index of a learner's number goes when the learner is erased; all else of a credential stays as it is."""

from django.db import migrations

from openmcx.kernel.triggers import append_only

_before = append_only("issuing_issuedcredential", allow_columns=["revoked_at"])[0]


class Migration(migrations.Migration):
    dependencies = [("issuing", "0001_initial")]

    operations = [
        migrations.RunPython(_before.reverse_code, _before.code),
        *append_only("issuing_issuedcredential", allow_columns=["revoked_at", "learner_number_index"]),
    ]
