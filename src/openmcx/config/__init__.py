"""Settings, addresses and commands of the node."""
