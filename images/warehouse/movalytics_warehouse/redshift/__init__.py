"""Speaking to Redshift: where it is, how to log in, statements and transactions."""
