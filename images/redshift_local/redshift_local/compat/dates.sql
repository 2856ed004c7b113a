-- Dates and times as Redshift's functions take them apart, compare and read them.
CREATE OR REPLACE FUNCTION rs_compat.trunc(timestamp) RETURNS date LANGUAGE sql IMMUTABLE AS 'SELECT $1::date';

-- https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
CREATE OR REPLACE FUNCTION rs_compat.refuse_unit(unit text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '22023',
        MESSAGE = format('the local stand-in for Redshift does not do the date part "%s" here', unit),
        HINT = 'It does what it is sure of: year, quarter, month, day, hour, minute, second and the like.';
END $$;
CREATE OR REPLACE FUNCTION rs_compat.unit(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN $1 IN ('millennium', 'millennia', 'mil', 'mils') THEN 'millennium'
        WHEN $1 IN ('century', 'centuries', 'c', 'cent', 'cents') THEN 'century'
        WHEN $1 IN ('decade', 'decades', 'dec', 'decs') THEN 'decade'
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
        WHEN $1 IN ('millisecond', 'milliseconds', 'ms', 'msec', 'msecs', 'msecond', 'mseconds', 'millisec', 'millisecs',
                    'millisecon') THEN 'milliseconds'
        WHEN $1 IN ('microsecond', 'microseconds', 'us', 'usec', 'usecs', 'usecond', 'useconds', 'microsec', 'microsecs')
            THEN 'microseconds'
        WHEN $1 IN ('epoch', 'timezone', 'timezone_hour', 'timezone_minute') THEN $1
        ELSE rs_compat.refuse_unit($1) END
$$;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_DATE_TRUNC.html
CREATE OR REPLACE FUNCTION rs_compat.date_trunc(text, date) RETURNS timestamp LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.date_trunc(rs_compat.unit(lower($1)), $2::timestamp)';
CREATE OR REPLACE FUNCTION rs_compat.date_trunc(text, timestamp) RETURNS timestamp LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.date_trunc(rs_compat.unit(lower($1)), $2)';
CREATE OR REPLACE FUNCTION rs_compat.date_trunc(text, timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS
    'SELECT pg_catalog.date_trunc(rs_compat.unit(lower($1)), $2)';

-- What PostgreSQL says of a date part, with Redshift's decades (the first one is decade 1) and without the seconds in
-- milliseconds and microseconds: https://docs.aws.amazon.com/redshift/latest/dg/r_EXTRACT_function.html, r_DATE_PART_function.html
CREATE OR REPLACE FUNCTION rs_compat.part(unit text, said float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE unit
        WHEN 'decade' THEN said + 1
        WHEN 'milliseconds' THEN (pg_catalog.round(said * 1000)::bigint % 1000000 / 1000)::float8
        WHEN 'microseconds' THEN (said::bigint % 1000000)::float8
        ELSE said END
$$;
CREATE OR REPLACE FUNCTION rs_compat.date_part(text, date) RETURNS float8 LANGUAGE sql IMMUTABLE AS
    'SELECT rs_compat.part(rs_compat.unit($1), pg_catalog.date_part(rs_compat.unit($1), $2::timestamp))';
CREATE OR REPLACE FUNCTION rs_compat.date_part(text, timestamp) RETURNS float8 LANGUAGE sql IMMUTABLE AS
    'SELECT rs_compat.part(rs_compat.unit($1), pg_catalog.date_part(rs_compat.unit($1), $2))';
CREATE OR REPLACE FUNCTION rs_compat.date_part(text, timestamptz) RETURNS float8 LANGUAGE sql STABLE AS
    'SELECT rs_compat.part(rs_compat.unit($1), pg_catalog.date_part(rs_compat.unit($1), $2))';
CREATE OR REPLACE FUNCTION rs_compat.date_part(text, time) RETURNS float8 LANGUAGE sql IMMUTABLE AS
    'SELECT rs_compat.part(rs_compat.unit($1), pg_catalog.date_part(rs_compat.unit($1), $2))';
CREATE OR REPLACE FUNCTION rs_compat.date_part(text, timetz) RETURNS float8 LANGUAGE sql IMMUTABLE AS
    'SELECT rs_compat.part(rs_compat.unit($1), pg_catalog.date_part(rs_compat.unit($1), $2))';
CREATE OR REPLACE FUNCTION rs_compat.date_part(text, interval) RETURNS float8 LANGUAGE sql IMMUTABLE AS
    'SELECT rs_compat.part(rs_compat.unit($1), pg_catalog.date_part(rs_compat.unit($1), $2))';
CREATE OR REPLACE FUNCTION rs_compat.extract(text, date) RETURNS int LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.trunc(rs_compat.date_part($1, $2))::int';
CREATE OR REPLACE FUNCTION rs_compat.extract(text, timestamp) RETURNS int LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.trunc(rs_compat.date_part($1, $2))::int';
CREATE OR REPLACE FUNCTION rs_compat.extract(text, time) RETURNS int LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.trunc(rs_compat.date_part($1, $2))::int';
CREATE OR REPLACE FUNCTION rs_compat.extract(text, timetz) RETURNS int LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.trunc(rs_compat.date_part($1, $2))::int';
CREATE OR REPLACE FUNCTION rs_compat.extract(text, interval) RETURNS int LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.trunc(rs_compat.date_part($1, $2))::int';
CREATE OR REPLACE FUNCTION rs_compat.extract(text, timestamptz) RETURNS float8 LANGUAGE sql STABLE AS
    'SELECT rs_compat.date_part($1, $2)';

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
        WHEN 'hour' THEN date_part('epoch', date_trunc('hour', high) - date_trunc('hour', low)) / 3600
        WHEN 'minute' THEN date_part('epoch', date_trunc('minute', high) - date_trunc('minute', low)) / 60
        WHEN 'second' THEN date_part('epoch', date_trunc('second', high) - date_trunc('second', low))
        WHEN 'milliseconds' THEN date_part('epoch', date_trunc('milliseconds', high) - date_trunc('milliseconds', low)) * 1000
        WHEN 'microseconds' THEN extract(epoch FROM high - low) * 1000000
        ELSE rs_compat.refuse_unit(unit)::float8 END::bigint
$$;
CREATE OR REPLACE FUNCTION rs_compat.datediff(text, date, date) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    'SELECT rs_compat.datediff($1, $2::timestamp, $3::timestamp)';
CREATE OR REPLACE FUNCTION rs_compat.datediff(text, timestamptz, timestamptz) RETURNS bigint LANGUAGE sql STABLE AS
    'SELECT rs_compat.datediff($1, $2::timestamp, $3::timestamp)';

-- The moment of that time on some day: only units of a day's parts make sense.
CREATE OR REPLACE FUNCTION rs_compat.on_a_day(unit text, moment time) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN rs_compat.unit(unit) IN ('hour', 'minute', 'second', 'milliseconds', 'microseconds')
                THEN date '2000-01-01' + moment ELSE rs_compat.refuse_unit(unit)::timestamp END
$$;
CREATE OR REPLACE FUNCTION rs_compat.datediff(text, time, time) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    'SELECT rs_compat.datediff($1, rs_compat.on_a_day($1, $2), rs_compat.on_a_day($1, $3))';
CREATE OR REPLACE FUNCTION rs_compat.datediff(text, timetz, timetz) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    $$SELECT rs_compat.datediff($1, ($2 AT TIME ZONE 'UTC')::time, ($3 AT TIME ZONE 'UTC')::time)$$;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_DATEADD_function.html
CREATE OR REPLACE FUNCTION rs_compat.step(unit text) RETURNS interval LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE rs_compat.unit(unit)
        WHEN 'millennium' THEN interval '1000 years' WHEN 'century' THEN interval '100 years'
        WHEN 'decade' THEN interval '10 years' WHEN 'year' THEN interval '1 year' WHEN 'quarter' THEN interval '3 months'
        WHEN 'month' THEN interval '1 month' WHEN 'week' THEN interval '7 days' WHEN 'day' THEN interval '1 day'
        WHEN 'hour' THEN interval '1 hour' WHEN 'minute' THEN interval '1 minute' WHEN 'second' THEN interval '1 second'
        WHEN 'milliseconds' THEN interval '1 millisecond' WHEN 'microseconds' THEN interval '1 microsecond'
        ELSE rs_compat.refuse_unit(unit)::interval END
$$;
-- A year after February 29 is March 1; twelve months after it are February 28 (the page's usage notes).
CREATE OR REPLACE FUNCTION rs_compat.past_february(unit text, moment timestamp, added timestamp) RETURNS timestamp
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN rs_compat.unit(unit) IN ('year', 'decade', 'century', 'millennium')
                     AND date_part('month', moment) = 2 AND date_part('day', moment) = 29 AND date_part('day', added) = 28
                THEN added + interval '1 day' ELSE added END
$$;
CREATE OR REPLACE FUNCTION rs_compat.dateadd(unit text, amount bigint, moment timestamp) RETURNS timestamp
LANGUAGE sql IMMUTABLE AS 'SELECT rs_compat.past_february(unit, moment, moment + amount * rs_compat.step(unit))';
CREATE OR REPLACE FUNCTION rs_compat.dateadd(text, bigint, date) RETURNS timestamp LANGUAGE sql IMMUTABLE AS
    'SELECT rs_compat.dateadd($1, $2, $3::timestamp)';
CREATE OR REPLACE FUNCTION rs_compat.dateadd(text, bigint, timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS
    'SELECT rs_compat.dateadd($1, $2, $3::timestamp)::timestamptz';
CREATE OR REPLACE FUNCTION rs_compat.dateadd(text, bigint, time) RETURNS time LANGUAGE sql IMMUTABLE AS
    'SELECT rs_compat.dateadd($1, $2, rs_compat.on_a_day($1, $3))::time';
CREATE OR REPLACE FUNCTION rs_compat.dateadd(text, bigint, timetz) RETURNS timetz LANGUAGE sql IMMUTABLE AS
    $$SELECT (rs_compat.dateadd($1, $2, ($3 AT TIME ZONE 'UTC')::time)::text || '+00')::timetz$$;

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

-- https://docs.aws.amazon.com/redshift/latest/dg/CONVERT_TIMEZONE.html
CREATE OR REPLACE FUNCTION rs_compat.convert_timezone(text, timestamp) RETURNS timestamp LANGUAGE sql STABLE AS
    $$SELECT $2 AT TIME ZONE 'UTC' AT TIME ZONE $1$$;
CREATE OR REPLACE FUNCTION rs_compat.convert_timezone(text, text, timestamp) RETURNS timestamp LANGUAGE sql STABLE AS
    'SELECT $3 AT TIME ZONE $1 AT TIME ZONE $2';
CREATE OR REPLACE FUNCTION rs_compat.convert_timezone(text, date) RETURNS timestamp LANGUAGE sql STABLE AS
    'SELECT rs_compat.convert_timezone($1, $2::timestamp)';
CREATE OR REPLACE FUNCTION rs_compat.convert_timezone(text, text, date) RETURNS timestamp LANGUAGE sql STABLE AS
    'SELECT rs_compat.convert_timezone($1, $2, $3::timestamp)';
CREATE OR REPLACE FUNCTION rs_compat.convert_timezone(text, timestamptz) RETURNS timestamp LANGUAGE sql STABLE AS
    'SELECT rs_compat.convert_timezone($1, $2::timestamp)';
CREATE OR REPLACE FUNCTION rs_compat.convert_timezone(text, text, timestamptz) RETURNS timestamp LANGUAGE sql STABLE AS
    'SELECT rs_compat.convert_timezone($1, $2, $3::timestamp)';

-- https://docs.aws.amazon.com/redshift/latest/dg/r_SYSDATE.html (the transaction's), r_GETDATE.html (the statement's)
CREATE OR REPLACE FUNCTION rs_compat.sysdate() RETURNS timestamp LANGUAGE sql STABLE AS
    $$SELECT transaction_timestamp() AT TIME ZONE 'UTC'$$;
CREATE OR REPLACE FUNCTION rs_compat.getdate() RETURNS timestamp LANGUAGE sql STABLE AS
    $$SELECT pg_catalog.date_trunc('second', statement_timestamp() AT TIME ZONE 'UTC')$$;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_TO_DATE_function.html, r_TO_TIMESTAMP.html: what is too much for a
-- field runs over into the next one, unless the caller asks to be strict. Formats with names or fields that this does
-- not know are PostgreSQL's matter, and strict.
CREATE OR REPLACE FUNCTION rs_compat.read_moment(value text, format text) RETURNS timestamp LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    fields CONSTANT text := '^(YYYY|MONTH|MON|MM|DD|HH24|HH12|HH|MI|SS|MS|US|AM|PM)';
    months CONSTANT text[] := '{JAN,FEB,MAR,APR,MAY,JUN,JUL,AUG,SEP,OCT,NOV,DEC}';
    said text := upper(value);
    asked text := upper(format);
    field text;
    digits text;
    parts jsonb := '{"YYYY": 1, "MM": 1, "DD": 1, "HH": 0, "MI": 0, "SS": 0, "US": 0}';
BEGIN
    IF regexp_replace(asked, '(YYYY|MONTH|MON|MM|DD|HH24|HH12|HH|MI|SS|MS|US|AM|PM)', '', 'g') ~ '[A-Z"]' THEN
        RETURN pg_catalog.to_timestamp(value, format)::timestamp;
    END IF;
    WHILE asked <> '' AND said <> '' LOOP
        field := substring(asked from fields);
        IF field IS NULL THEN
            asked := substr(asked, 2);
            said := regexp_replace(said, '^[^A-Z0-9]', '');
            CONTINUE;
        END IF;
        asked := substr(asked, length(field) + 1);
        said := ltrim(said);
        IF field IN ('MONTH', 'MON') THEN
            digits := substring(said from '^[A-Z]+');
            parts := parts || jsonb_build_object('MM', array_position(months, left(digits, 3)));
        ELSIF field IN ('AM', 'PM') THEN
            digits := substring(said from '^[AP]M');
            parts := parts || jsonb_build_object('PM', digits);
        ELSE
            digits := substring(said from CASE field WHEN 'YYYY' THEN '^[0-9]{1,4}' WHEN 'MS' THEN '^[0-9]{1,3}'
                                                     WHEN 'US' THEN '^[0-9]{1,6}' ELSE '^[0-9]{1,2}' END);
            parts := parts || CASE field
                WHEN 'MS' THEN jsonb_build_object('US', rpad(digits, 6, '0')::int)
                WHEN 'US' THEN jsonb_build_object('US', rpad(digits, 6, '0')::int)
                ELSE jsonb_build_object(left(field, CASE field WHEN 'YYYY' THEN 4 ELSE 2 END), digits::int) END;
        END IF;
        IF digits IS NULL OR (parts ->> 'MM') IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = '22007', MESSAGE = format('invalid value "%s" for "%s"', value, field);
        END IF;
        said := substr(said, length(digits) + 1);
    END LOOP;
    IF parts ->> 'PM' IS NOT NULL THEN
        parts := parts || jsonb_build_object('HH', (parts ->> 'HH')::int % 12 + CASE parts ->> 'PM' WHEN 'PM' THEN 12 ELSE 0 END);
    END IF;
    RETURN pg_catalog.make_timestamp((parts ->> 'YYYY')::int, 1, 1, 0, 0, 0) + pg_catalog.make_interval(
        months => (parts ->> 'MM')::int - 1) + pg_catalog.make_interval(
        days => (parts ->> 'DD')::int - 1, hours => (parts ->> 'HH')::int, mins => (parts ->> 'MI')::int,
        secs => (parts ->> 'SS')::float8 + (parts ->> 'US')::float8 / 1000000);
END $$;
CREATE OR REPLACE FUNCTION rs_compat.to_date(text, text, boolean DEFAULT false) RETURNS date LANGUAGE sql IMMUTABLE AS
    'SELECT CASE WHEN $3 THEN pg_catalog.to_date($1, $2) ELSE rs_compat.read_moment($1, $2)::date END';
CREATE OR REPLACE FUNCTION rs_compat.to_timestamp(text, text, boolean DEFAULT false) RETURNS timestamptz LANGUAGE sql STABLE AS
    'SELECT CASE WHEN $3 THEN pg_catalog.to_timestamp($1, $2) ELSE rs_compat.read_moment($1, $2)::timestamptz END';
CREATE OR REPLACE FUNCTION rs_compat.to_timestamp(timestamp, text, boolean DEFAULT false) RETURNS timestamptz LANGUAGE sql STABLE AS
    'SELECT rs_compat.to_timestamp($1::text, $2, $3)';
