"""Personal values: encrypted under a key of their subject, gone for good when the key is destroyed."""

from __future__ import annotations

import datetime
import json
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from openmcx.kernel import vault
from openmcx.kernel.models import SubjectKey

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    _BinaryField = models.BinaryField[Any, Any]
else:
    _BinaryField = models.BinaryField

__all__ = [
    "PersonalBytesField",
    "PersonalDateField",
    "PersonalJSONField",
    "PersonalTextField",
    "SubjectKey",
    "blind_index",
    "erase",
    "new_subject_key",
]

_KEY_PURPOSE = "subject-key"


def new_subject_key() -> SubjectKey:
    """This will create and store the key under which the values of one person are encrypted."""
    key = SubjectKey()
    plain = secrets.token_bytes(vault.KEY_BYTES)
    key.wrapped_key = vault.seal(plain, purpose=_KEY_PURPOSE, context=_key_context(key))
    key.save(force_insert=True)
    key._plain = plain
    return key


def erase(key: SubjectKey, *, at: datetime.datetime) -> None:
    """This will destroy the key: what was encrypted under it reads as None from then on."""
    SubjectKey.objects.filter(pk=key.pk, erased_at=None).update(wrapped_key=None, erased_at=at)
    key.wrapped_key, key._plain = None, None
    key.erased_at = at


def blind_index(value: str, *, purpose: str) -> bytes:
    """This will return what a value can be found by without storing it: equal values, equal bytes.

    The caller brings the value into one form first: addresses by `mail.normal_email`, names and numbers by their own
    rules. What is one thing for a name may be two for an address.
    """
    return vault.mac(value.encode(), purpose=f"blind-index/{purpose}")


def _key_context(key: SubjectKey) -> str:
    return f"{SubjectKey._meta.db_table}/wrapped_key/{key.pk}"


def _open_key(key: SubjectKey) -> bytes | None:
    if key._plain is None and key.wrapped_key is not None:
        key._plain = vault.unseal(bytes(key.wrapped_key), purpose=_KEY_PURPOSE, context=_key_context(key))
    return key._plain


class Sealed:
    """A value as it stands in the column."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data


class PersonalAttribute(DeferredAttribute):
    """Opens the value when it is read; None once the subject's key is destroyed."""

    field: PersonalField

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is None or not isinstance(value, Sealed):
            return value
        key = _open_key(self.field.subject_key_of(instance))
        if key is None:
            return None
        plain = self.field.from_bytes(vault.decrypt(key, value.data, self.field.context(instance)))
        instance.__dict__[self.field.attname] = plain
        return plain

    def __set__(self, instance: models.Model, value: Any) -> None:
        # With a setter, reading passes through `__get__` even when the instance already holds a value.
        instance.__dict__[self.field.attname] = value


class PersonalField(_BinaryField):
    """A column that holds a personal value, encrypted. The model has a foreign key ``subject_key``.

    Such a column can be neither searched nor ordered; look people up through `blind_index`. It is written by
    ``save()`` and ``bulk_create()`` only, since the row's id is part of the encryption.
    """

    descriptor_class = PersonalAttribute
    to_bytes: Callable[[Any], bytes]
    from_bytes: Callable[[bytes], Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def context(self, instance: models.Model) -> str:
        """This will name the one place at which the value opens."""
        return f"{self.model._meta.db_table}/{self.column}/{instance.pk}"

    def subject_key_of(self, instance: models.Model) -> SubjectKey:
        """This will return the key of the person whom the row is about."""
        key = getattr(instance, "subject_key", None)
        if not isinstance(key, SubjectKey):
            raise FieldError(f"{instance._meta.label}.{self.name} is personal, so the row needs a subject_key")
        return key

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Sealed | None:
        """This will keep the column's bytes closed until someone reads the attribute."""
        return None if value is None else Sealed(bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """This will encrypt for the column."""
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        key = _open_key(self.subject_key_of(model_instance))
        if key is None:
            raise FieldError(f"{model_instance._meta.label}.{self.name} cannot be written: the subject's key is erased")
        return Sealed(vault.encrypt(key, self.to_bytes(value), self.context(model_instance)))

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """This will let only encrypted bytes through to the database."""
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise FieldError(f"{self.model._meta.label}.{self.name} is personal: write it with save(), not in bulk")
        return super().get_db_prep_value(value.data, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        """This will refuse every search but the one for emptiness."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted and cannot be searched; use a blind index")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        """This will refuse to look into the encrypted value."""
        raise FieldError(f"{self.name} is encrypted and cannot be searched; use a blind index")

    def get_default(self) -> Any:
        """This will start with the default as given, not as bytes."""
        if not self.has_default():
            return None
        return self.default() if callable(self.default) else self.default

    def to_python(self, value: Any) -> Any:
        """This will leave the plain value as it is."""
        return value

    def value_to_string(self, obj: models.Model) -> str:
        """This will refuse to write personal values into fixtures."""
        raise FieldError(f"{self.name} is personal and is not written into fixtures")


class PersonalTextField(PersonalField):
    """Encrypted text."""

    @staticmethod
    def to_bytes(value: str) -> bytes:
        """This will encode the text."""
        if not isinstance(value, str):
            raise TypeError(f"a personal text must be a string, not {type(value).__name__}")
        return value.encode()

    @staticmethod
    def from_bytes(value: bytes) -> str:
        """This will decode the text."""
        return value.decode()


class PersonalDateField(PersonalField):
    """An encrypted calendar date."""

    @staticmethod
    def to_bytes(value: datetime.date | str) -> bytes:
        """This will encode the date."""
        day = datetime.date.fromisoformat(value) if isinstance(value, str) else value
        return day.isoformat()[:10].encode()

    @staticmethod
    def from_bytes(value: bytes) -> datetime.date:
        """This will decode the date."""
        return datetime.date.fromisoformat(value.decode())


class PersonalJSONField(PersonalField):
    """Encrypted JSON."""

    @staticmethod
    def to_bytes(value: Any) -> bytes:
        """This will encode the JSON."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    @staticmethod
    def from_bytes(value: bytes) -> Any:
        """This will decode the JSON."""
        return json.loads(value)


class PersonalBytesField(PersonalField):
    """Encrypted bytes."""

    @staticmethod
    def to_bytes(value: bytes) -> bytes:
        """This will take the bytes as they are."""
        return bytes(value)

    @staticmethod
    def from_bytes(value: bytes) -> bytes:
        """This will give the bytes as they are."""
        return value
