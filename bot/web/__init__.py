"""The web: a desk for operators and advisers, a chat page in large type for everybody, and an API for other systems."""
