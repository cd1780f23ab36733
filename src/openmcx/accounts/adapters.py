"""The sign-in library's own form, adapted. Apart from `forms`, which the library loads while it loads its forms."""

from allauth.account import forms as allauth_forms

from openmcx.kernel.mail import normal_email


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]  # allauth has no types
    """Signs in with an address however it was typed."""

    def clean_login(self) -> str:
        """This will give the address in the form in which it is stored."""
        return normal_email(super().clean_login())
