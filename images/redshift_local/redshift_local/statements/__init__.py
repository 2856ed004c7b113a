"""Each kind of statement that Redshift has: read, checked, and planned."""
