"""The embedded PostgreSQL: started, prepared, and spoken to."""
