-- What Redshift has and PostgreSQL lacks, or does otherwise; run once per database, again when this file changes.
CREATE SCHEMA IF NOT EXISTS rs_compat;
GRANT USAGE ON SCHEMA rs_compat TO PUBLIC;
SET LOCAL search_path TO pg_catalog;
SET LOCAL allow_system_table_mods TO on;

-- VARCHAR(n) and CHAR(n) count bytes, in casts and assignments alike: PostgreSQL's own length coercions are replaced.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html
CREATE OR REPLACE FUNCTION rs_compat.cut(value varchar, bytes int) RETURNS varchar LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    kept int := least(bytes, char_length(value));
BEGIN
    WHILE octet_length(left(value, kept)) > bytes LOOP
        kept := kept - 1;
    END LOOP;
    RETURN left(value, kept);
END $$;

CREATE OR REPLACE FUNCTION rs_compat.too_long(value varchar, bytes int) RETURNS varchar LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
    IF octet_length(rtrim(value, ' ')) <= bytes THEN
        RETURN rs_compat.cut(value, bytes);
    END IF;
    RAISE EXCEPTION USING ERRCODE = '22001', MESSAGE = 'Value too long for character type',
        DETAIL = format('Value of %s bytes too long for type character varying(%s)', octet_length(value), bytes);
END $$;

CREATE OR REPLACE FUNCTION rs_compat.fit_varchar(varchar, int, boolean) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN octet_length($1) <= $2 - 4 THEN $1
                WHEN $3 THEN rs_compat.cut($1, $2 - 4)
                ELSE rs_compat.too_long($1, $2 - 4) END
$$;

CREATE OR REPLACE FUNCTION rs_compat.multibyte(value text) RETURNS character LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '22021', MESSAGE = 'Multibyte character not supported for CHAR',
        HINT = 'Try using VARCHAR';
END $$;

CREATE OR REPLACE FUNCTION rs_compat.fit_char(character, int, boolean) RETURNS character LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN octet_length($1::text) = char_length($1::text) THEN pg_catalog.bpchar($1, $2, $3)
                ELSE rs_compat.multibyte($1::text) END
$$;

UPDATE pg_cast SET castfunc = 'rs_compat.fit_varchar(varchar, int, boolean)'::regprocedure
WHERE castsource = 'varchar'::regtype AND casttarget = 'varchar'::regtype;
UPDATE pg_cast SET castfunc = 'rs_compat.fit_char(character, int, boolean)'::regprocedure
WHERE castsource = 'bpchar'::regtype AND casttarget = 'bpchar'::regtype;

-- AVG of integers is a BIGINT, cut off; of DOUBLE a DOUBLE; of NUMERIC it keeps the argument's scale, which is unknown here.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_AVG.html
CREATE OR REPLACE FUNCTION rs_compat.average(bigint[]) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT CASE WHEN $1[1] > 0 THEN $1[2] / $1[1] END
$$;
CREATE OR REPLACE FUNCTION rs_compat.add_to_average(numeric[], bigint) RETURNS numeric[] LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT ARRAY[$1[1] + 1, $1[2] + $2]
$$;
CREATE OR REPLACE FUNCTION rs_compat.average(numeric[]) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT CASE WHEN $1[1] > 0 THEN trunc($1[2] / $1[1])::bigint END
$$;
CREATE OR REPLACE FUNCTION rs_compat.refuse_average(int, numeric) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '0A000',
        MESSAGE = 'AVG of NUMERIC keeps the scale of its argument on Redshift, which the local stand-in cannot know',
        HINT = 'CAST the argument to DOUBLE PRECISION, or divide SUM by COUNT.';
END $$;
CREATE OR REPLACE FUNCTION rs_compat.refuse_average(int) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
    SELECT rs_compat.refuse_average($1, 0::numeric)::numeric
$$;
CREATE OR REPLACE AGGREGATE rs_compat.avg(smallint)
    (SFUNC = pg_catalog.int2_avg_accum, STYPE = bigint[], INITCOND = '{0,0}', FINALFUNC = rs_compat.average);
CREATE OR REPLACE AGGREGATE rs_compat.avg(int)
    (SFUNC = pg_catalog.int4_avg_accum, STYPE = bigint[], INITCOND = '{0,0}', FINALFUNC = rs_compat.average);
CREATE OR REPLACE AGGREGATE rs_compat.avg(bigint)
    (SFUNC = rs_compat.add_to_average, STYPE = numeric[], INITCOND = '{0,0}', FINALFUNC = rs_compat.average);
CREATE OR REPLACE AGGREGATE rs_compat.avg(real)
    (SFUNC = pg_catalog.float4_accum, STYPE = float8[], INITCOND = '{0,0,0}', FINALFUNC = pg_catalog.float8_avg);
CREATE OR REPLACE AGGREGATE rs_compat.avg(double precision)
    (SFUNC = pg_catalog.float8_accum, STYPE = float8[], INITCOND = '{0,0,0}', FINALFUNC = pg_catalog.float8_avg);
CREATE OR REPLACE AGGREGATE rs_compat.avg(numeric)
    (SFUNC = rs_compat.refuse_average, STYPE = int, FINALFUNC = rs_compat.refuse_average);

-- https://docs.aws.amazon.com/redshift/latest/dg/r_LISTAGG.html
CREATE OR REPLACE AGGREGATE rs_compat.listagg(text, text)
    (SFUNC = pg_catalog.string_agg_transfn, STYPE = internal, FINALFUNC = pg_catalog.string_agg_finalfn);

-- https://docs.aws.amazon.com/redshift/latest/dg/String_functions_header.html
CREATE OR REPLACE FUNCTION rs_compat.concat(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1 || $2';
CREATE OR REPLACE FUNCTION rs_compat.len(text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT char_length($1)';
CREATE OR REPLACE FUNCTION rs_compat.textlen(text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT char_length($1)';
CREATE OR REPLACE FUNCTION rs_compat.replicate(text, int) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT repeat($1, $2)';
CREATE OR REPLACE FUNCTION rs_compat.charindex(text, text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT strpos($2, $1)';
CREATE OR REPLACE FUNCTION rs_compat.regexp_replace(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$SELECT pg_catalog.regexp_replace($1, $2, '', 'g')$$;
CREATE OR REPLACE FUNCTION rs_compat.regexp_replace(text, text, text) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$SELECT pg_catalog.regexp_replace($1, $2, $3, 'g')$$;
CREATE OR REPLACE FUNCTION rs_compat.sha2(text, int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(CASE $2 WHEN 224 THEN sha224(convert_to($1, 'UTF8')) WHEN 384 THEN sha384(convert_to($1, 'UTF8'))
                          WHEN 512 THEN sha512(convert_to($1, 'UTF8')) WHEN 256 THEN sha256(convert_to($1, 'UTF8'))
                          WHEN 0 THEN sha256(convert_to($1, 'UTF8')) END, 'hex')
$$;
-- https://docs.aws.amazon.com/redshift/latest/dg/r_STRTOL.html; base 16 apart, because digests of whole tables use it.
CREATE OR REPLACE FUNCTION rs_compat.strtol16(text) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    $$SELECT pg_catalog.int8(('x' || $1)::varbit)$$;
CREATE OR REPLACE FUNCTION rs_compat.strtol(value text, base int) RETURNS bigint LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    digits text := lower(btrim(value));
    negative boolean := digits LIKE '-%';
    result numeric := 0;
    digit int;
BEGIN
    IF base NOT BETWEEN 2 AND 36 THEN
        RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('The input base %s is not between 2 and 36', base);
    END IF;
    digits := ltrim(digits, '+-');
    IF base = 16 AND digits LIKE '0x%' THEN
        digits := substr(digits, 3);
    END IF;
    FOR place IN 1..char_length(digits) LOOP
        digit := strpos('0123456789abcdefghijklmnopqrstuvwxyz', substr(digits, place, 1)) - 1;
        IF digit < 0 OR digit >= base THEN
            RAISE EXCEPTION USING ERRCODE = '22P02',
                MESSAGE = format('The input %s is not valid to be converted to base %s', value, base);
        END IF;
        result := result * base + digit;
    END LOOP;
    RETURN CASE WHEN negative THEN -result ELSE result END;
END $$;
CREATE OR REPLACE FUNCTION rs_compat.trunc(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT pg_catalog.trunc($1)';
CREATE OR REPLACE FUNCTION rs_compat.trunc(numeric, int) RETURNS numeric LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.trunc($1, $2)';
CREATE OR REPLACE FUNCTION rs_compat.trunc(float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT pg_catalog.trunc($1)';
CREATE OR REPLACE FUNCTION rs_compat.trunc(timestamp) RETURNS date LANGUAGE sql IMMUTABLE AS 'SELECT $1::date';

-- https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
CREATE OR REPLACE FUNCTION rs_compat.refuse_unit(unit text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('date part "%s" is not supported here', unit),
        HINT = 'The local stand-in does what it is sure of: year, quarter, month, day, hour, minute, second and the like.';
END $$;
CREATE OR REPLACE FUNCTION rs_compat.unit(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN $1 IN ('year', 'years', 'y', 'yr', 'yrs') THEN 'year'
        WHEN $1 IN ('quarter', 'quarters', 'qtr', 'qtrs') THEN 'quarter'
        WHEN $1 IN ('month', 'months', 'mon', 'mons') THEN 'month'
        WHEN $1 IN ('week', 'weeks', 'w') THEN 'week'
        WHEN $1 IN ('day', 'days', 'd') THEN 'day'
        WHEN $1 IN ('dow', 'dayofweek', 'dw', 'weekday') THEN 'dow'
        WHEN $1 IN ('doy', 'dayofyear', 'dy', 'yearday') THEN 'doy'
        WHEN $1 IN ('hour', 'hours', 'h', 'hr', 'hrs') THEN 'hour'
        WHEN $1 IN ('minute', 'minutes', 'm', 'min', 'mins') THEN 'minute'
        WHEN $1 IN ('second', 'seconds', 's', 'sec', 'secs') THEN 'second'
        WHEN $1 IN ('millisecond', 'milliseconds', 'ms', 'msec', 'msecs', 'msecond', 'mseconds') THEN 'milliseconds'
        WHEN $1 IN ('microsecond', 'microseconds', 'us', 'usec', 'usecs', 'usecond', 'useconds') THEN 'microseconds'
        WHEN $1 IN ('decade', 'century', 'millennium', 'epoch') THEN $1
        ELSE rs_compat.refuse_unit($1) END
$$;
CREATE OR REPLACE FUNCTION rs_compat.date_trunc(text, date) RETURNS timestamp LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.date_trunc(rs_compat.unit(lower($1)), $2::timestamp)';
CREATE OR REPLACE FUNCTION rs_compat.date_trunc(text, timestamp) RETURNS timestamp LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.date_trunc(rs_compat.unit(lower($1)), $2)';
CREATE OR REPLACE FUNCTION rs_compat.date_trunc(text, timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS
    'SELECT pg_catalog.date_trunc(rs_compat.unit(lower($1)), $2)';
CREATE OR REPLACE FUNCTION rs_compat.extract(text, date) RETURNS int LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.trunc(pg_catalog.date_part(rs_compat.unit($1), $2::timestamp))::int';
CREATE OR REPLACE FUNCTION rs_compat.extract(text, timestamp) RETURNS int LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.trunc(pg_catalog.date_part(rs_compat.unit($1), $2))::int';
CREATE OR REPLACE FUNCTION rs_compat.extract(text, interval) RETURNS int LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.trunc(pg_catalog.date_part(rs_compat.unit($1), $2))::int';
CREATE OR REPLACE FUNCTION rs_compat.extract(text, timestamptz) RETURNS float8 LANGUAGE sql STABLE AS
    'SELECT pg_catalog.date_part(rs_compat.unit($1), $2)';
CREATE OR REPLACE FUNCTION rs_compat.date_part(text, date) RETURNS float8 LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.date_part(rs_compat.unit($1), $2::timestamp)';
CREATE OR REPLACE FUNCTION rs_compat.date_part(text, timestamp) RETURNS float8 LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.date_part(rs_compat.unit($1), $2)';
CREATE OR REPLACE FUNCTION rs_compat.date_part(text, timestamptz) RETURNS float8 LANGUAGE sql STABLE AS
    'SELECT pg_catalog.date_part(rs_compat.unit($1), $2)';
-- https://docs.aws.amazon.com/redshift/latest/dg/r_DATEDIFF_function.html: boundaries crossed, not time elapsed.
CREATE OR REPLACE FUNCTION rs_compat.datediff(unit text, low timestamp, high timestamp) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE rs_compat.unit(unit)
        WHEN 'year' THEN date_part('year', high) - date_part('year', low)
        WHEN 'quarter' THEN (date_part('year', high) - date_part('year', low)) * 4
                            + date_part('quarter', high) - date_part('quarter', low)
        WHEN 'month' THEN (date_part('year', high) - date_part('year', low)) * 12
                          + date_part('month', high) - date_part('month', low)
        WHEN 'day' THEN high::date - low::date
        WHEN 'hour' THEN extract(epoch FROM date_trunc('hour', high) - date_trunc('hour', low)) / 3600
        WHEN 'minute' THEN extract(epoch FROM date_trunc('minute', high) - date_trunc('minute', low)) / 60
        WHEN 'second' THEN extract(epoch FROM date_trunc('second', high) - date_trunc('second', low))
        WHEN 'milliseconds' THEN extract(epoch FROM date_trunc('milliseconds', high) - date_trunc('milliseconds', low)) * 1000
        WHEN 'microseconds' THEN extract(epoch FROM high - low) * 1000000
        ELSE rs_compat.refuse_unit(unit)::float8 END::bigint
$$;
CREATE OR REPLACE FUNCTION rs_compat.dateadd(unit text, amount bigint, moment timestamp) RETURNS timestamp
LANGUAGE sql IMMUTABLE AS $$
    SELECT moment + amount * CASE rs_compat.unit(unit)
        WHEN 'year' THEN interval '1 year' WHEN 'quarter' THEN interval '3 months' WHEN 'month' THEN interval '1 month'
        WHEN 'week' THEN interval '7 days' WHEN 'day' THEN interval '1 day' WHEN 'hour' THEN interval '1 hour'
        WHEN 'minute' THEN interval '1 minute' WHEN 'second' THEN interval '1 second'
        WHEN 'milliseconds' THEN interval '1 millisecond' WHEN 'microseconds' THEN interval '1 microsecond'
        ELSE rs_compat.refuse_unit(unit)::interval END
$$;
CREATE OR REPLACE FUNCTION rs_compat.last_day(timestamp) RETURNS date LANGUAGE sql IMMUTABLE AS
    $$SELECT (pg_catalog.date_trunc('month', $1) + interval '1 month - 1 day')::date$$;
CREATE OR REPLACE FUNCTION rs_compat.add_months(timestamp, bigint) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN $1::date = rs_compat.last_day($1)
        THEN rs_compat.last_day(pg_catalog.date_trunc('month', $1) + $2 * interval '1 month') + ($1 - $1::date::timestamp)
        ELSE $1 + $2 * interval '1 month' END
$$;
CREATE OR REPLACE FUNCTION rs_compat.months_between(timestamp, timestamp) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
    SELECT rs_compat.datediff('month', $2, $1) + CASE
        WHEN date_part('day', $1) = date_part('day', $2) THEN 0
        WHEN $1::date = rs_compat.last_day($1) AND $2::date = rs_compat.last_day($2) THEN 0
        ELSE (date_part('day', $1) - date_part('day', $2)
              + (date_part('epoch', $1::time) - date_part('epoch', $2::time)) / 86400) / 31 END
$$;
CREATE OR REPLACE FUNCTION rs_compat.convert_timezone(text, timestamp) RETURNS timestamp LANGUAGE sql STABLE AS
    $$SELECT $2 AT TIME ZONE 'UTC' AT TIME ZONE $1$$;
CREATE OR REPLACE FUNCTION rs_compat.convert_timezone(text, text, timestamp) RETURNS timestamp LANGUAGE sql STABLE AS
    'SELECT $3 AT TIME ZONE $1 AT TIME ZONE $2';
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SYSDATE.html (the transaction's), r_GETDATE.html (the statement's)
CREATE OR REPLACE FUNCTION rs_compat.sysdate() RETURNS timestamp LANGUAGE sql STABLE AS
    $$SELECT transaction_timestamp() AT TIME ZONE 'UTC'$$;
CREATE OR REPLACE FUNCTION rs_compat.getdate() RETURNS timestamp LANGUAGE sql STABLE AS
    $$SELECT pg_catalog.date_trunc('second', statement_timestamp() AT TIME ZONE 'UTC')$$;

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
    NULL::varchar AS remarks
FROM information_schema.columns WHERE table_schema <> 'rs_compat';
CREATE OR REPLACE VIEW pg_catalog.svv_tables AS
SELECT table_catalog, table_schema, table_name, table_type, NULL::varchar AS remarks
FROM information_schema.tables WHERE table_schema <> 'rs_compat';
GRANT SELECT ON pg_catalog.stl_load_errors, pg_catalog.sys_load_error_detail, pg_catalog.svv_columns, pg_catalog.svv_tables
    TO PUBLIC;
