-- Numbers: what casts and arithmetic keep, and where NUMERIC ends.

-- An explicit cast of a NUMERIC cuts, an assignment rounds; only a cast's function hears which of the two it is.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_Numeric_types201.html, r_enable_numeric_rounding.html
-- Each names its argument once: PostgreSQL inlines them into the query then, whatever the argument is. No NUMERIC has 2000
-- decimals, so TRUNC to that many leaves a value as it is; NUMERIC of a negative size does, too.
CREATE OR REPLACE FUNCTION rs_compat.fit_numeric(numeric, int, boolean) RETURNS numeric LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.numeric(pg_catalog.trunc($1, CASE WHEN $3 THEN ($2 - 4) & 2047 ELSE 2000 END), $2)';
CREATE OR REPLACE FUNCTION rs_compat.to_smallint(numeric, int, boolean) RETURNS smallint LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.int2(pg_catalog.trunc($1, CASE WHEN $3 THEN 0 ELSE 2000 END))';
CREATE OR REPLACE FUNCTION rs_compat.to_integer(numeric, int, boolean) RETURNS int LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.int4(pg_catalog.trunc($1, CASE WHEN $3 THEN 0 ELSE 2000 END))';
CREATE OR REPLACE FUNCTION rs_compat.to_bigint(numeric, int, boolean) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.int8(pg_catalog.trunc($1, CASE WHEN $3 THEN 0 ELSE 2000 END))';

-- Other numbers become a NUMERIC of the wanted size at once, rounded.
CREATE OR REPLACE FUNCTION rs_compat.to_numeric(smallint, int, boolean) RETURNS numeric LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.numeric(pg_catalog.numeric($1), $2)';
CREATE OR REPLACE FUNCTION rs_compat.to_numeric(int, int, boolean) RETURNS numeric LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.numeric(pg_catalog.numeric($1), $2)';
CREATE OR REPLACE FUNCTION rs_compat.to_numeric(bigint, int, boolean) RETURNS numeric LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.numeric(pg_catalog.numeric($1), $2)';
CREATE OR REPLACE FUNCTION rs_compat.to_numeric(real, int, boolean) RETURNS numeric LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.numeric(pg_catalog.numeric($1), $2)';
CREATE OR REPLACE FUNCTION rs_compat.to_numeric(float8, int, boolean) RETURNS numeric LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.numeric(pg_catalog.numeric($1), $2)';

UPDATE pg_cast SET castfunc = own.function::regprocedure
FROM (VALUES
    ('numeric', 'numeric', 'rs_compat.fit_numeric(numeric, int, boolean)'),
    ('numeric', 'smallint', 'rs_compat.to_smallint(numeric, int, boolean)'),
    ('numeric', 'integer', 'rs_compat.to_integer(numeric, int, boolean)'),
    ('numeric', 'bigint', 'rs_compat.to_bigint(numeric, int, boolean)'),
    ('smallint', 'numeric', 'rs_compat.to_numeric(smallint, int, boolean)'),
    ('integer', 'numeric', 'rs_compat.to_numeric(int, int, boolean)'),
    ('bigint', 'numeric', 'rs_compat.to_numeric(bigint, int, boolean)'),
    ('real', 'numeric', 'rs_compat.to_numeric(real, int, boolean)'),
    ('double precision', 'numeric', 'rs_compat.to_numeric(float8, int, boolean)')
) AS own (source, target, function)
WHERE castsource = own.source::regtype AND casttarget = own.target::regtype;

-- The leader node rounds: a constant is rounded before it is cast (an operator, because an operator leaves the column
-- its name). https://docs.aws.amazon.com/redshift/latest/dg/r_CAST_function.html: cast(109.652 as decimal(4,1)) is 109.7.
CREATE OR REPLACE FUNCTION rs_compat.rounded(numeric, int) RETURNS numeric LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.round($1, $2)';
CREATE OR REPLACE FUNCTION rs_compat.rounded(bigint, int) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE OR REPLACE FUNCTION rs_compat.rounded(float8, int) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE OR REPLACE FUNCTION rs_compat.rounded(text, int) RETURNS numeric LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.round($1::numeric, $2)';
CREATE OR REPLACE FUNCTION rs_compat.rounded(anyelement, int) RETURNS anyelement LANGUAGE sql IMMUTABLE AS 'SELECT $1';
DO $$
DECLARE
    type_name text;
BEGIN
    FOREACH type_name IN ARRAY '{numeric,bigint,float8,text,anyelement}'::text[] LOOP
        IF to_regoperator(format('rs_compat.@~(%s, integer)', type_name)) IS NULL THEN
            EXECUTE format('CREATE OPERATOR rs_compat.@~ (FUNCTION = rs_compat.rounded, LEFTARG = %s, RIGHTARG = int)', type_name);
        END IF;
    END LOOP;
END $$;

-- NUMERIC has 38 digits; overflow is checked in all computations.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html
CREATE OR REPLACE FUNCTION rs_compat.overflow(what text) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '22003', MESSAGE = format('Numeric data overflow (%s)', what),
        DETAIL = 'NUMERIC has 38 digits at most.';
END $$;
CREATE OR REPLACE FUNCTION rs_compat.fits(result numeric) RETURNS boolean LANGUAGE sql IMMUTABLE AS
    'SELECT abs(result) < 1e20 AND scale(result) <= 18 OR abs(result) < power(10::numeric, 38 - scale(result))';
CREATE OR REPLACE FUNCTION rs_compat.sum(result numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
    IF NOT rs_compat.fits(result) THEN
        PERFORM rs_compat.overflow('result precision');
    END IF;
    RETURN result;
END $$;
CREATE OR REPLACE FUNCTION rs_compat.sum(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE OR REPLACE FUNCTION rs_compat.sum(real) RETURNS real LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE OR REPLACE FUNCTION rs_compat.sum(float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE OR REPLACE FUNCTION rs_compat.sum(interval) RETURNS interval LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE OR REPLACE FUNCTION rs_compat.add(a numeric, b numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    result numeric := pg_catalog.numeric_add(a, b);
BEGIN
    IF NOT rs_compat.fits(result) THEN
        PERFORM rs_compat.overflow('addition');
    END IF;
    RETURN result;
END $$;
CREATE OR REPLACE FUNCTION rs_compat.subtract(a numeric, b numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    result numeric := pg_catalog.numeric_sub(a, b);
BEGIN
    IF NOT rs_compat.fits(result) THEN
        PERFORM rs_compat.overflow('subtraction');
    END IF;
    RETURN result;
END $$;
CREATE OR REPLACE FUNCTION rs_compat.multiply(a numeric, b numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    result numeric := pg_catalog.numeric_mul(a, b);
BEGIN
    IF NOT rs_compat.fits(result) THEN
        PERFORM rs_compat.overflow('multiplication');
    END IF;
    RETURN result;
END $$;
UPDATE pg_operator SET oprcode = own.function::regprocedure
FROM (VALUES ('+', 'rs_compat.add(numeric, numeric)'), ('-', 'rs_compat.subtract(numeric, numeric)'),
             ('*', 'rs_compat.multiply(numeric, numeric)')) AS own (name, function)
WHERE oprname = own.name AND oprleft = 'numeric'::regtype AND oprright = 'numeric'::regtype;
-- A division's scale follows from the sizes of what is divided, which only the parser knows (scales.py): `a / b` comes
-- here as `a / scale / b`. What is beyond the scale is cut off.
DO $$
BEGIN
    CREATE TYPE rs_compat.scale AS (digits int);
    CREATE TYPE rs_compat.dividend AS (value numeric, digits int);
EXCEPTION WHEN duplicate_object THEN
    NULL;
END $$;
CREATE OR REPLACE FUNCTION rs_compat.divide(numeric, rs_compat.scale) RETURNS rs_compat.dividend LANGUAGE sql IMMUTABLE AS
    'SELECT ROW($1, ($2).digits)::rs_compat.dividend';
CREATE OR REPLACE FUNCTION rs_compat.divide(rs_compat.dividend, numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
    SELECT pg_catalog.numeric_mul(
        pg_catalog.div(pg_catalog.numeric_mul(($1).value, textcat('1e', ($1).digits::text)::numeric), $2),
        textcat('1e-', ($1).digits::text)::numeric)
$$;
CREATE OR REPLACE FUNCTION rs_compat.divide(numeric, numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '0A000',
        MESSAGE = 'the local stand-in for Redshift does not do a division of NUMERICs whose sizes it does not know',
        HINT = 'CAST both to DECIMAL(p, s), or one to DOUBLE PRECISION.';
END $$;
UPDATE pg_operator SET oprcode = 'rs_compat.divide(numeric, numeric)'::regprocedure
WHERE oprname = '/' AND oprleft = 'numeric'::regtype AND oprright = 'numeric'::regtype;
DO $$
BEGIN
    IF to_regoperator('pg_catalog./(numeric, rs_compat.scale)') IS NULL THEN
        CREATE OPERATOR pg_catalog./ (FUNCTION = rs_compat.divide, LEFTARG = numeric, RIGHTARG = rs_compat.scale);
        CREATE OPERATOR pg_catalog./ (FUNCTION = rs_compat.divide, LEFTARG = rs_compat.dividend, RIGHTARG = numeric);
    END IF;
END $$;

-- AVG of integers is a BIGINT, cut off; of DOUBLE a DOUBLE; of NUMERIC it keeps the argument's scale, which is unknown here.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_AVG.html
CREATE OR REPLACE FUNCTION rs_compat.average(bigint[]) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT CASE WHEN $1[1] > 0 THEN $1[2] / $1[1] END
$$;
CREATE OR REPLACE FUNCTION rs_compat.add_to_average(numeric[], bigint) RETURNS numeric[] LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT ARRAY[pg_catalog.numeric_inc($1[1]), pg_catalog.numeric_add($1[2], $2)]
$$;
CREATE OR REPLACE FUNCTION rs_compat.average(numeric[]) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT CASE WHEN $1[1] > 0 THEN pg_catalog.div($1[2], $1[1])::bigint END
$$;
CREATE OR REPLACE FUNCTION rs_compat.refuse_average(int, numeric) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '0A000',
        MESSAGE = 'AVG of NUMERIC keeps the scale of its argument on Redshift, which the local stand-in cannot know: '
            || 'write avg(cast(… as double precision))',
        HINT = 'Or divide SUM by COUNT, both CAST to DECIMAL(p, s).';
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

CREATE OR REPLACE FUNCTION rs_compat.trunc(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT pg_catalog.trunc($1)';
CREATE OR REPLACE FUNCTION rs_compat.trunc(numeric, int) RETURNS numeric LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.trunc($1, $2)';
CREATE OR REPLACE FUNCTION rs_compat.trunc(float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT pg_catalog.trunc($1)';

-- PERCENTILE_CONT and MEDIAN over a window: https://docs.aws.amazon.com/redshift/latest/dg/r_WF_PERCENTILE_CONT.html
CREATE OR REPLACE FUNCTION rs_compat.collect(float8[], value float8, place float8) RETURNS float8[] LANGUAGE sql IMMUTABLE AS
    'SELECT CASE WHEN value IS NULL THEN $1 ELSE coalesce($1, ARRAY[place]) || value END';
CREATE OR REPLACE FUNCTION rs_compat.at_place(float8[]) RETURNS float8 LANGUAGE sql IMMUTABLE STRICT AS
    'SELECT pg_catalog.percentile_cont($1[1]) WITHIN GROUP (ORDER BY value) FROM unnest($1[2:]) AS value';
CREATE OR REPLACE AGGREGATE rs_compat.percentile_cont(float8, float8)
    (SFUNC = rs_compat.collect, STYPE = float8[], FINALFUNC = rs_compat.at_place);

-- These are of DOUBLE PRECISION whatever they are given, as their pages say.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_POWER.html, r_SQRT.html, r_EXP.html, r_LOG.html, r_STDDEV_functions.html
CREATE OR REPLACE FUNCTION rs_compat.power(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.power($1, $2)';
CREATE OR REPLACE FUNCTION rs_compat.pow(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.power($1, $2)';
CREATE OR REPLACE FUNCTION rs_compat.sqrt(float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT pg_catalog.sqrt($1)';
CREATE OR REPLACE FUNCTION rs_compat.exp(float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT pg_catalog.exp($1)';
CREATE OR REPLACE FUNCTION rs_compat.log(float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT pg_catalog.log($1)';
CREATE OR REPLACE AGGREGATE rs_compat.stddev(float8)
    (SFUNC = float8_accum, STYPE = float8[], INITCOND = '{0,0,0}', FINALFUNC = float8_stddev_samp);
CREATE OR REPLACE AGGREGATE rs_compat.stddev_samp(float8)
    (SFUNC = float8_accum, STYPE = float8[], INITCOND = '{0,0,0}', FINALFUNC = float8_stddev_samp);
CREATE OR REPLACE AGGREGATE rs_compat.stddev_pop(float8)
    (SFUNC = float8_accum, STYPE = float8[], INITCOND = '{0,0,0}', FINALFUNC = float8_stddev_pop);
CREATE OR REPLACE AGGREGATE rs_compat.variance(float8)
    (SFUNC = float8_accum, STYPE = float8[], INITCOND = '{0,0,0}', FINALFUNC = float8_var_samp);
CREATE OR REPLACE AGGREGATE rs_compat.var_samp(float8)
    (SFUNC = float8_accum, STYPE = float8[], INITCOND = '{0,0,0}', FINALFUNC = float8_var_samp);
CREATE OR REPLACE AGGREGATE rs_compat.var_pop(float8)
    (SFUNC = float8_accum, STYPE = float8[], INITCOND = '{0,0,0}', FINALFUNC = float8_var_pop);
