"""What only PostgreSQL's parse tree or catalog can tell of a statement, and what follows from it."""
