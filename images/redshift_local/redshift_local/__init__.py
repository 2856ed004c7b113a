"""A Redshift stand-in for laptops and tests: a proxy that fails where Redshift fails, before an embedded PostgreSQL."""
