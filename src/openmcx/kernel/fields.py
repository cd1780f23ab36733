"""Model fields of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.json import KeyTransform, KeyTransformFactory
from django.utils.translation import gettext_lazy as _

from openmcx.credentials.model.text import LangText

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.expressions import Combinable

    _JSONField = models.JSONField[Any, Any]
    _TextsField = models.JSONField[LangText | dict[str, str] | str | Combinable | None, LangText]
else:
    _JSONField = models.JSONField


class _MemberTransform(KeyTransform):
    """A member of the JSON in a query, which PostgreSQL compares in jsonb only."""

    def _resolve_output_field(self) -> models.Field[Any, Any]:
        return _MemberField()

    def preprocess_lhs(self, compiler: Any, connection: Any) -> tuple[str, Any, list[str]]:
        """This will give the column as SQL, and the way to the member."""
        column, parameters, names = super().preprocess_lhs(compiler, connection)
        return (f"({column})::jsonb" if connection.vendor == "postgresql" else column), parameters, names


class _MemberTransformFactory(KeyTransformFactory):
    def __call__(self, *args: Any, **kwargs: Any) -> KeyTransform:
        return _MemberTransform(self.key_name, *args, **kwargs)


class _MemberField(_JSONField):
    """What a query finds inside of JSON."""

    def get_transform(self, lookup_name: str) -> Any:
        """This will give the way to a member, for a query."""
        found = super().get_transform(lookup_name)
        return _MemberTransformFactory(lookup_name) if isinstance(found, KeyTransformFactory) else found


class OrderedJSONField(_MemberField):
    """JSON whose objects keep the order of their members, as the first language of a text is the one to fall back to.

    PostgreSQL's jsonb sorts members; its json keeps the text as written, but cannot be compared or made distinct.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        """This will give the type of the column."""
        return "json" if connection.vendor == "postgresql" else super().db_type(connection)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """This will write the column, without a detour through jsonb."""
        adapted = super().get_db_prep_value(value, connection, prepared)
        if connection.vendor == "postgresql":
            # Only here: a node on SQLite does not have the driver.
            from psycopg.types.json import Json, Jsonb  # noqa: PLC0415 - its library is there only with PostgreSQL

            if isinstance(adapted, Jsonb):
                return Json(adapted.obj, adapted.dumps)
        return adapted

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        """This will read the column; the driver has parsed json, but not jsonb."""
        return super().from_db_value(value, expression, connection) if isinstance(value, str) else value


if not TYPE_CHECKING:
    _TextsField = OrderedJSONField


class LangTextField(_TextsField):
    """Text in several languages; the attribute is a `LangText`, the column a JSON object."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """This will give an empty text unless a default is named."""
        kwargs.setdefault("default", LangText)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        """This will read the column."""
        parsed = super().from_db_value(value, expression, connection)
        return LangText(parsed) if isinstance(parsed, dict | str) else parsed

    def to_python(self, value: Any) -> Any:
        """This will accept a LangText, a dict or a plain string (language not stated)."""
        if value is None or isinstance(value, LangText):
            return value
        try:
            return LangText(value)
        except (TypeError, ValueError, AttributeError) as error:
            raise ValidationError(
                _("Texts must be given by language tag, such as “en” or “de”."), code="invalid"
            ) from error

    def get_prep_value(self, value: Any) -> Any:
        """This will write the column."""
        return super().get_prep_value(value.as_dict() if isinstance(value, LangText) else value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """This will turn what was assigned into a LangText, so that the saved object reads as a loaded one."""
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def value_to_string(self, obj: models.Model) -> Any:
        """This will serialise for fixtures."""
        value: LangText | None = self.value_from_object(obj)
        return LangText(value).as_dict() if value is not None else None
