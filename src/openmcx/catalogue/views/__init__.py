"""Pages: the public catalogue, and the drafts of those who write."""
