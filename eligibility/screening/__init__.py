"""A whole roster through the same rules: who is owed what, who will be, and what to ask whom."""
