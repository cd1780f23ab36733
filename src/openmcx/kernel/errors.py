"""The two ways the node says no on purpose. Everything else that is raised is a bug."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


_NOT_PERMITTED = _("You do not have the permission to do this. Ask an administrator for the role.")


class Refusal(Exception):
    """An expected no: what was asked cannot be done, and the sentence says how to mend it.

    ``Refusal("batch-closed", _("The batch “%(name)s” is closed. Open a new one."), name=batch.name)``. The code is
    stable and part of the API; the sentence is translated when it is shown, so that it is in the reader's language.
    """

    def __init__(self, code: str, message: _StrOrPromise, **params: object) -> None:
        """This will keep code, sentence and parameters."""
        super().__init__(code)
        self.code = code
        self.message = message
        self.params = params

    def __str__(self) -> str:
        """This will give the sentence in the language that is active now."""
        # Before it becomes text: a lazy plural chooses its form by the parameters.
        return str(self.message % self.params) if self.params else str(self.message)


class NotPermitted(Refusal):
    """The actor may not do this."""

    def __init__(
        self,
        code: str = "not-permitted",
        message: _StrOrPromise = _NOT_PERMITTED,
        **params: object,
    ) -> None:
        """This will keep code, sentence and parameters; both have a general form."""
        super().__init__(code, message, **params)
