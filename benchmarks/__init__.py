"""One file per figure that is quoted anywhere, each measured against a limit and a peer in the same run."""
