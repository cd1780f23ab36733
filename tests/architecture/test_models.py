"""Tables: foreign keys point down the ladder, and the migrations hold everything the models say."""

import io

import pytest
from django.apps import apps as django_apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.core.management import call_command
from django.db.models import Field

from tests.architecture import source


def relations(app: str) -> list[tuple[str, str]]:
    """This will give the relations that an app's models declare: where they stand and the app they point to."""
    found = []
    for model in django_apps.get_app_config(app).get_models():
        for field in model._meta.get_fields(include_parents=False):
            if (
                isinstance(field, Field)
                and field.related_model is not None
                and not isinstance(field.related_model, str)
            ):
                found.append((f"{model._meta.label}.{field.name}", field.related_model._meta.app_label))
    return found


@pytest.mark.parametrize("app", source.apps())
def test_foreign_keys_point_down_the_ladder(app: str) -> None:
    upward = [
        f"{place} points to {target}"
        for place, target in relations(app)
        if target in source.apps() and target != app and source.rung(target) <= source.rung(app)
    ]
    assert upward == []


@pytest.mark.parametrize("app", source.apps())
def test_no_relation_hides_its_target(app: str) -> None:
    generic = [
        f"{model._meta.label}.{field.name}"
        for model in django_apps.get_app_config(app).get_models()
        for field in model._meta.private_fields
        if isinstance(field, GenericForeignKey)
    ]
    assert generic == []


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    said = io.StringIO()
    try:
        call_command("makemigrations", check_changes=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(f"Models differ from their migrations; run `mcx manage makemigrations`.\n{said.getvalue()}")
