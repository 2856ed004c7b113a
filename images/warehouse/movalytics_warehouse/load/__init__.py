"""From curated files into staging, and from staging into what readers see."""
