"""Expressions and queries: rewritten for PostgreSQL, or refused."""
