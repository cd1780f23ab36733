"""Institutions: who they are, who acts for them, the keys they sign with and the learners they know."""
