"""Which functions a query may call: Redshift's, as far as PostgreSQL or compat.sql does the same."""

from redshift_local.language.tokens import words

# PostgreSQL does what Redshift does (docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html and below).
SAME = words(
    """
    count min max any_value bool_and bool_or bit_and bit_or
    grouping
    row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value
    coalesce nullif greatest least
    abs ceil ceiling floor mod cbrt ln sign round random pi degrees radians
    sin cos tan asin acos atan atan2 cot
    substring substr left right lpad rpad trim btrim ltrim rtrim strpos position replace translate
    reverse repeat split_part length char_length character_length octet_length ascii chr md5 to_hex quote_ident
    quote_literal
    to_char to_number
    current_database current_user pg_backend_pid has_table_privilege
    has_schema_privilege has_database_privilege pg_get_userbyid
    """
)

# These run on Redshift's leader node only: not together with a user's table (c_SQL_functions_leader_node_only.html).
LEADER_ONLY = words(
    """
    generate_series now age current_schema current_schemas isfinite get_byte set_bit set_byte to_ascii
    has_any_column_privilege pg_get_viewdef pg_get_expr format_type
    pg_table_is_visible obj_description col_description array_to_string string_to_array array_upper array_lower
    has_table_privilege has_schema_privilege has_database_privilege pg_get_userbyid
    """
)
LEADER_ONLY_WORDS = {"current_timestamp", "current_time", "localtime", "localtimestamp"}

# compat.sql does what Redshift does where PostgreSQL has nothing, or something else, under the name.
COMPAT = words(
    """
    avg concat len textlen getdate date_trunc last_day add_months months_between to_date to_timestamp
    power pow sqrt exp log stddev stddev_samp stddev_pop variance var_samp var_pop
    charindex regexp_count regexp_instr regexp_replace regexp_substr trunc sha2 version replicate upper lower initcap
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

# Redshift documents them; the stand-in does not have them (nor those that begin with st_).
DOCUMENTED = words(
    """
    addbbox approximate_percentile_disc array_concat array_flatten bpcharcmp bttext_pattern_cmp can_json_parse
    change_query_priority change_session_priority change_user_priority checksum collate crc32 current_aws_account
    current_namespace current_user_id datasharing_get_share_status date_cmp date_cmp_timestamp date_cmp_timestamptz
    date_part_year decimal_precision decimal_scale default_iam_role dexp difference dlog1 dlog10 dropbbox
    explain_model fnv_hash from_hex from_varbyte func_sha1 geometrytype get_array_length get_number_attributes
    get_object_type getbit h3_boundary h3_center h3_fromlonglat h3_frompoint h3_isvalid h3_polyfill h3_resolution
    h3_tochildren h3_toparent has_assumerole_privilege hll hll_cardinality hll_combine hll_combine_sketches
    hll_create_sketch interval_cmp is_array is_bigint is_boolean is_char is_decimal is_float is_integer is_object
    is_scalar is_smallint is_valid_json is_valid_json_array is_varchar json_array_length
    json_extract_array_element_text json_extract_path_text json_parse json_serialize json_serialize_to_varbyte
    json_size json_typeof last_query_id last_user_query_id listaggdistinct lower_attribute_names mask_cc mask_date
    murmur3_32_hash next_day object object_transform octetindex percentile_disc pg_cancel_backend pg_get_cols
    pg_get_grantee_by_iam_role pg_get_iam_role_by_user pg_get_late_binding_view_cols pg_last_query_id
    pg_last_unload_count pg_last_unload_id pg_terminate_backend ratio_to_report role_is_member_of set_config sha
    sha1 sin size slice_num soundex split_to_array subarray supportsbbox text_to_int_alt text_to_numeric_alt
    timeofday timestamp_cmp timestamp_cmp_date timestamp_cmp_timestamptz timestamptz_cmp timestamptz_cmp_date
    timestamptz_cmp_timestamp timezone to_varbyte try_cast upper_attribute_names user_has_role user_is_member_of
    """
)

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
