"""The node's settings with a clock that begins at a fixed moment and hardly moves: for pictures that come out equal."""

import datetime as dt
import os
import time

from django.utils import timezone

START = dt.datetime(2026, 10, 5, 9, 30, tzinfo=dt.UTC)
# Order in time is kept, but no minute passes while the pictures are made.
SLOWER = 100


def _now() -> dt.datetime:
    # The environment says when, by the real clock, so that all processes of the node agree.
    return START + dt.timedelta(seconds=(time.time() - float(os.environ["PICTURES_BEGAN"])) / SLOWER)


timezone.now = _now  # before any app is imported, so that defaults of fields take it too

from openmcx.config.settings import *  # noqa: E402, F403
