"""The node's settings for tests: everything they need from the environment, named here."""

import os
import tempfile

from tests import postgresql

_KEPT = ("OPENMCX_TEST_", "OPENMCX_SHARED")
for _name in [name for name in os.environ if name.startswith("OPENMCX_") and not name.startswith(_KEPT)]:
    del os.environ[_name]
os.environ.update(
    OPENMCX_DEMO="1",
    OPENMCX_BASE_URL="http://testserver",
    OPENMCX_SECRET_KEY="for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz",
    OPENMCX_MASTER_KEY="dGVzdHMgb25seTogMzIgYnl0ZXMgb2YgYSBrZXkhISE=",
    OPENMCX_DATA_DIR=os.environ.get("OPENMCX_TEST_DATA_DIR") or tempfile.mkdtemp(prefix="openmcx-tests-"),
    OPENMCX_EMAIL_URL="console:",
)
if os.environ.get("OPENMCX_TEST_DATABASE") == "postgresql" and "OPENMCX_TEST_DATABASE_URL" not in os.environ:
    # Started by the first process; the workers inherit the address and make databases of their own in the cluster.
    os.environ["OPENMCX_TEST_DATABASE_URL"] = postgresql.Cluster().start().url
if os.environ.get("OPENMCX_TEST_DATABASE_URL"):
    os.environ["OPENMCX_DATABASE_URL"] = os.environ["OPENMCX_TEST_DATABASE_URL"]

from openmcx.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
INSTALLED_APPS = [*INSTALLED_APPS, "tests.fakes.things"]  # noqa: F405
# What a process remembers would outlive a test's database; tests of remembering ask for it.
CACHES = {**CACHES, "process": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}  # noqa: F405
