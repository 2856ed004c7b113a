"""Redshift's session parameters: which there are, and what the stand-in does with them."""

from redshift_local.refusal import beyond

# https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html
SHARED = {
    "application_name",
    "client_encoding",
    "client_min_messages",
    "datestyle",
    "extra_float_digits",
    "intervalstyle",
    "search_path",
    "statement_timeout",
    "timezone",
}
# Redshift's alone, with their defaults: kept as custom parameters, without effect.
OWN = {
    "analyze_threshold_percent": "10",
    "auto_analyze": "true",
    "cast_super_null_on_error": "on",
    "datashare_break_glass_session_var": "",
    "default_array_search_null_handling": "off",
    "default_geometry_encoding": "2",
    "describe_field_name_in_uppercase": "off",
    "downcase_delimited_identifier": "on",
    "enable_case_sensitive_identifier": "false",
    "enable_case_sensitive_super_attribute": "false",
    "enable_numeric_rounding": "off",
    "enable_result_cache_for_session": "on",
    "enable_spectrum_oid": "true",
    "enable_vacuum_boost": "false",
    "error_on_nondeterministic_update": "false",
    "interval_forbid_composite_literals": "off",
    "json_parse_dedup_attributes": "off",
    "json_parse_truncate_strings": "off",
    "json_serialization_enable": "false",
    "json_serialization_parse_nested_strings": "false",
    "max_concurrency_scaling_clusters": "1",
    "max_cursor_result_set_size": "0",
    "mv_enable_aqmv_for_session": "true",
    "navigate_super_null_on_error": "on",
    "parse_super_null_on_error": "off",
    "pg_federation_repeatable_read": "true",
    "query_group": "default",
    "spectrum_enable_pseudo_columns": "true",
    "spectrum_query_maxerror": "-1",
    "stored_proc_log_min_messages": "LOG",
    "use_fips_ssl": "false",
    "wlm_query_slot_count": "1",
}
# What would change answers, and does not here.
_ON, _OFF = {"on", "true", "1", "yes"}, {"off", "false", "0", "no"}
BEYOND = {
    "describe_field_name_in_uppercase": _ON,
    "downcase_delimited_identifier": _OFF,
    "enable_case_sensitive_identifier": _ON,
    "enable_numeric_rounding": _ON,
    "error_on_nondeterministic_update": _ON,
    "interval_forbid_composite_literals": _ON,
}


def check(name: str, value: str) -> None:
    """Raises Refusal for a value that would change answers on Redshift."""
    if value.strip("'").lower() in BEYOND.get(name, ()):
        raise beyond(f"{name} = {value}")


def current(name: str, unset: str) -> str:
    """The value of one of Redshift's own parameters, as an expression of PostgreSQL's."""
    return f"coalesce(nullif(current_setting('redshift.{name}', true), ''), '{unset}')"
