"""An app with tables for the tests of the kernel."""
