"""The SQL scripts that make PostgreSQL answer as Redshift does."""
