"""Model fields of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from openmcx.credentials.model.text import LangText

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.expressions import Combinable

    _JSONField = models.JSONField[LangText | dict[str, str] | str | Combinable | None, LangText]
else:
    _JSONField = models.JSONField


class LangTextField(_JSONField):
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
