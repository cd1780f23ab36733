"""Rows, forms and pages ⇄ the core's model. Pure: no query, no clock, no request."""
