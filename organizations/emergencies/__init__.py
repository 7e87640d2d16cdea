"""Emergency access: a role for an hour that nobody else can act in, allowed by a second person, every page recorded."""
