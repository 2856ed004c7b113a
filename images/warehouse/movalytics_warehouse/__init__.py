"""Curated to Amazon Redshift: migrate, plan, stage, check, publish, report, finish, query."""
