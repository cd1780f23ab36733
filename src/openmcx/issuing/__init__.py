"""Awards: class lists, batches, credentials, their state, and the messages to learners."""
