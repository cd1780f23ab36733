"""Drawing the page that a European Digital Credential must bring along to be looked at.

The shapes ask for a picture. Who has a design of their own gives pictures of it; this is what stands in for one.
"""

from importlib import resources

from openmcx.credentials.errors import FormatError
from openmcx.credentials.model import Credential

_PIXELS_PER_INCH = 72.0
# A title of any length may be given; what is longer than a page holds is cut for the picture alone.
_MAX_CHARACTERS = 160


def draw(credential: Credential, language: str) -> bytes:
    """This will draw an award as a PNG: what was awarded, to whom, by whom, and when.

    Raises: FormatError when the page cannot be drawn.
    """
    # Typst is large, and few write European Digital Credentials.
    import typst

    learner = credential.learner
    said = {
        "title": credential.achievement.title.best(language),
        "learner": f"{learner.given_name} {learner.family_name}".strip(),
        "issuer": credential.issuer.name.best(language),
        "date": credential.awarded_on.isoformat(),
    }
    # Words are inputs: nothing in them is ever read as Typst.
    words = {
        name: text if len(text) <= _MAX_CHARACTERS else f"{text[:_MAX_CHARACTERS]}…" for name, text in said.items()
    }
    template = resources.files(__package__).joinpath("display.typ").read_bytes()
    primary = language.partition("-")[0].lower()
    try:
        drawn = typst.compile(
            template,
            format="png",
            ppi=_PIXELS_PER_INCH,
            sys_inputs={**words, "language": primary if len(primary) in (2, 3) else "en"},
            ignore_system_fonts=True,
        )
    except typst.TypstError as error:
        raise FormatError("format-cannot-write", reason="display-not-drawn") from error
    assert isinstance(drawn, bytes)
    return drawn
