"""Raw files to curated Parquet: one module per table, and what reads, validates and writes for all of them."""
