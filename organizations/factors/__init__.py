"""Second factors: what a person has besides the password."""
