-- What Redshift has and PostgreSQL lacks, or does otherwise; run once per database, again when this file changes.
CREATE SCHEMA IF NOT EXISTS rs_compat;
GRANT USAGE ON SCHEMA rs_compat TO PUBLIC;
SET LOCAL search_path TO pg_catalog;
SET LOCAL allow_system_table_mods TO on;

CREATE OR REPLACE FUNCTION rs_compat.version() RETURNS text LANGUAGE sql IMMUTABLE AS
    $$SELECT 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2, Redshift 1.0 (local stand-in)'$$;
CREATE OR REPLACE FUNCTION rs_compat.pg_last_copy_count(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE OR REPLACE FUNCTION rs_compat.pg_last_copy_id(bigint) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1::int';

-- https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html, SYS_LOAD_ERROR_DETAIL.html
CREATE TABLE IF NOT EXISTS rs_compat.load_errors (
    query_id bigint, username varchar, table_name varchar, file_name varchar, column_name varchar,
    line_number bigint, error_code int, error_message varchar, start_time timestamp DEFAULT statement_timestamp()
);
CREATE OR REPLACE VIEW pg_catalog.stl_load_errors AS
SELECT coalesce(usesysid, 0)::int AS userid, 0 AS slice, coalesce(to_regclass(table_name)::oid, 0)::int AS tbl,
    start_time AS starttime, 0 AS session, query_id::int AS query, file_name::character(256) AS filename,
    line_number, column_name::character(127) AS colname, ''::character(10) AS type, ''::character(10) AS col_length,
    0 AS position, ''::character(1024) AS raw_line, ''::character(1024) AS raw_field_value, error_code AS err_code,
    error_message::character(100) AS err_reason
FROM rs_compat.load_errors LEFT JOIN pg_user ON usename = username;
CREATE OR REPLACE VIEW pg_catalog.sys_load_error_detail AS
SELECT coalesce(usesysid, 0)::int AS user_id, query_id, current_database()::varchar AS database_name, 0 AS session_id,
    table_name, start_time, file_name, line_number, column_name, error_code, error_message
FROM rs_compat.load_errors LEFT JOIN pg_user ON usename = username;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_COLUMNS.html, r_SVV_TABLES.html
CREATE OR REPLACE VIEW pg_catalog.svv_columns AS
SELECT table_catalog, table_schema, table_name, column_name, ordinal_position, column_default, is_nullable, data_type,
    character_maximum_length, numeric_precision, numeric_precision_radix, numeric_scale, datetime_precision,
    NULL::varchar AS remarks, interval_type, interval_precision, character_set_catalog, character_set_schema,
    character_set_name, collation_catalog, collation_schema, collation_name, domain_catalog, domain_schema, domain_name
FROM information_schema.columns WHERE table_schema <> 'rs_compat';
CREATE OR REPLACE VIEW pg_catalog.svv_tables AS
SELECT table_catalog, table_schema, table_name, table_type, NULL::varchar AS remarks
FROM information_schema.tables WHERE table_schema <> 'rs_compat';
GRANT SELECT ON pg_catalog.stl_load_errors, pg_catalog.sys_load_error_detail, pg_catalog.svv_columns, pg_catalog.svv_tables
    TO PUBLIC;
