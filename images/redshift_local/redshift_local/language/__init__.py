"""What Redshift's SQL consists of: its tokens, types, functions, parameters and system views."""
