"""Which functions a query may call: Redshift's, as far as PostgreSQL or compat.sql does the same."""

from redshift_local.tokens import words

# PostgreSQL does what Redshift does (docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html and below).
SAME = words(
    """
    count sum min max any_value bool_and bool_or bit_and bit_or stddev stddev_samp stddev_pop variance var_samp var_pop
    percentile_cont grouping
    row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value
    coalesce nullif greatest least
    abs ceil ceiling floor mod power pow sqrt cbrt exp ln log sign round random pi degrees radians
    sin cos tan asin acos atan atan2 cot
    upper lower initcap substring substr left right lpad rpad trim btrim ltrim rtrim strpos position replace translate
    reverse repeat split_part length char_length character_length octet_length ascii chr md5 to_hex quote_ident
    quote_literal regexp_count regexp_instr regexp_substr
    to_char to_date to_timestamp to_number
    current_database current_user current_schema current_setting pg_backend_pid has_table_privilege
    has_schema_privilege has_database_privilege pg_get_userbyid
    """
)

# These run on Redshift's leader node only: not together with a user's table (c_SQL_functions_leader_node_only.html).
LEADER_ONLY = words(
    """
    generate_series now age current_schemas has_any_column_privilege pg_get_viewdef pg_get_expr format_type
    pg_table_is_visible obj_description col_description array_to_string string_to_array array_upper array_lower
    current_setting has_table_privilege has_schema_privilege has_database_privilege pg_get_userbyid
    """
)
LEADER_ONLY_WORDS = {"current_timestamp", "current_time", "localtime", "localtimestamp"}

# compat.sql does what Redshift does where PostgreSQL has nothing, or something else, under the name.
COMPAT = words(
    """
    avg concat len textlen getdate date_trunc date_part last_day add_months months_between convert_timezone
    charindex regexp_replace trunc sha2 version replicate
    """
)

AGGREGATES = words(
    """
    count sum min max avg any_value bool_and bool_or stddev stddev_samp stddev_pop variance var_samp var_pop
    first_value last_value nth_value
    """
)

# Words that may stand before a parenthesis without being a function's name.
NOT_FUNCTIONS = words(
    """
    in values and or not as over using on where select from by when then else case having union all any some between
    like ilike distinct limit offset intersect except join set group within is to similar end interval row with
    recursive into table sets rollup cube only escape matched insert update delete exists
    """
)

OPERATORS = words(
    """
    + - * / % ^ |/ ||/ & | # ~ << >> = <> != < > <= >= || !~
    """
) | {"@"}

MISSING_HINTS = {
    "string_agg": "Redshift has LISTAGG.",
    "array_agg": "Redshift has no arrays; LISTAGG joins strings.",
    "unnest": "Redshift has no arrays.",
    "pg_advisory_lock": "Redshift has no advisory locks: LOCK a table.",
    "pg_advisory_xact_lock": "Redshift has no advisory locks: LOCK a table.",
    "pg_try_advisory_lock": "Redshift has no advisory locks: LOCK a table.",
    "pg_try_advisory_xact_lock": "Redshift has no advisory locks: LOCK a table.",
    "nextval": "Redshift has no sequences.",
    "gen_random_uuid": "Redshift has no UUIDs.",
    "concat_ws": "Redshift has CONCAT of two strings and ||.",
    "format": "Redshift has ||.",
    "make_date": "Redshift has TO_DATE.",
    "make_interval": "Redshift has DATEADD.",
    "to_json": "Redshift has no JSON type.",
    "row_to_json": "Redshift has no JSON type.",
    "json_agg": "Redshift has no JSON type.",
}
