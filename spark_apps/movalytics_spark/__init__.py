"""Raw files to curated Parquet: one module per table, and what reads, judges and writes for all of them."""
