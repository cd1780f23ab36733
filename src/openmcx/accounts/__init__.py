"""People: who they are, how they sign in, and the tokens their programs use."""
