-- Strings: how long they are, when they are equal, and what their functions make of them.

-- Trailing blanks do not count when strings are compared. VARCHAR and TEXT have CHAR's comparisons therefore, everywhere:
-- in operators, sorts, hashes, GROUP BY, DISTINCT and joins, and in C, as fast as PostgreSQL's own.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html#r_Character_types-significance-of-trailing-blanks
UPDATE pg_operator SET oprcode = own.function::regproc
FROM (VALUES ('=', 'bpchareq'), ('<>', 'bpcharne'), ('<', 'bpcharlt'), ('<=', 'bpcharle'), ('>', 'bpchargt'), ('>=', 'bpcharge'))
    AS own (name, function)
WHERE oprname = own.name AND oprleft = 'text'::regtype AND oprright = 'text'::regtype;
UPDATE pg_amproc SET amproc = own.function::regproc
FROM (VALUES ('bttextcmp', 'bpcharcmp'), ('bttextsortsupport', 'bpchar_sortsupport'), ('hashtext', 'hashbpchar'),
             ('hashtextextended', 'hashbpcharextended')) AS own (text_function, function)
WHERE amproc = own.text_function::regproc AND amproclefttype = 'text'::regtype AND amprocrighttype = 'text'::regtype
    AND amprocfamily IN (SELECT oid FROM pg_opfamily WHERE opfname = 'text_ops');

-- Redshift casts no BOOLEAN to a string, and no string but a literal to BOOLEAN (SQLSTATE 42846, as its users report).
CREATE OR REPLACE FUNCTION rs_compat.no_cast(source text, target text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '42846', MESSAGE = format('cannot cast type %s to %s', source, target),
        HINT = 'Use CASE WHEN … THEN … END.';
END $$;
CREATE OR REPLACE FUNCTION rs_compat.no_cast(boolean) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$SELECT rs_compat.no_cast('boolean', 'character varying')$$;
CREATE OR REPLACE FUNCTION rs_compat.no_cast(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS
    $$SELECT rs_compat.no_cast('character varying', 'boolean') IS NULL$$;
CREATE OR REPLACE FUNCTION rs_compat.no_cast(character) RETURNS boolean LANGUAGE sql IMMUTABLE AS
    $$SELECT rs_compat.no_cast('character', 'boolean') IS NULL$$;
UPDATE pg_cast SET castfunc = 'rs_compat.no_cast(boolean)'::regprocedure
WHERE castsource = 'boolean'::regtype AND casttarget IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype);
DO $$
BEGIN
    CREATE CAST (text AS boolean) WITH FUNCTION rs_compat.no_cast(text);
    CREATE CAST (varchar AS boolean) WITH FUNCTION rs_compat.no_cast(text);
    CREATE CAST (character AS boolean) WITH FUNCTION rs_compat.no_cast(character);
EXCEPTION WHEN duplicate_object THEN
    NULL;
END $$;
-- PostgreSQL's own || casts what is no string by its output function, which would get around the cast.
CREATE OR REPLACE FUNCTION rs_compat.join(anynonarray, text) RETURNS text LANGUAGE sql STABLE AS
    'SELECT pg_catalog.textcat($1::text, $2)';
CREATE OR REPLACE FUNCTION rs_compat.join(text, anynonarray) RETURNS text LANGUAGE sql STABLE AS
    'SELECT pg_catalog.textcat($1, $2::text)';
UPDATE pg_operator SET oprcode = own.function::regprocedure
FROM (VALUES ('anynonarray', 'text', 'rs_compat.join(anynonarray, text)'), ('text', 'anynonarray', 'rs_compat.join(text, anynonarray)'))
    AS own (low, high, function)
WHERE oprname = '||' AND oprleft = own.low::regtype AND oprright = own.high::regtype;

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

-- https://docs.aws.amazon.com/redshift/latest/dg/r_LOWER.html, r_UPPER.html, r_INITCAP.html: letters of all scripts, while
-- ILIKE and comparisons know ASCII's only (r_patternmatching_condition_like.html).
CREATE OR REPLACE FUNCTION rs_compat.lower(text) RETURNS text LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.lower($1 COLLATE pg_c_utf8)';
CREATE OR REPLACE FUNCTION rs_compat.upper(text) RETURNS text LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.upper($1 COLLATE pg_c_utf8)';
CREATE OR REPLACE FUNCTION rs_compat.initcap(text) RETURNS text LANGUAGE sql IMMUTABLE AS
    'SELECT pg_catalog.initcap($1 COLLATE pg_c_utf8)';

-- https://docs.aws.amazon.com/redshift/latest/dg/r_LISTAGG.html: NULLs and empty strings are passed over.
CREATE OR REPLACE AGGREGATE rs_compat.listagg(text, text)
    (SFUNC = pg_catalog.string_agg_transfn, STYPE = internal, FINALFUNC = pg_catalog.string_agg_finalfn);
CREATE OR REPLACE FUNCTION rs_compat.some_text(text) RETURNS text LANGUAGE sql IMMUTABLE AS
    'SELECT CASE WHEN octet_length($1) > 0 THEN $1 END';
CREATE OR REPLACE FUNCTION rs_compat.listagg(result text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
    IF octet_length(result) > 65535 THEN
        RAISE EXCEPTION USING ERRCODE = '54000', MESSAGE = 'Result size exceeds LISTAGG limit (limit: 65535)';
    END IF;
    RETURN result;
END $$;

-- https://docs.aws.amazon.com/redshift/latest/dg/String_functions_header.html
CREATE OR REPLACE FUNCTION rs_compat.concat(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1 || $2';
CREATE OR REPLACE FUNCTION rs_compat.len(text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT char_length($1)';
CREATE OR REPLACE FUNCTION rs_compat.textlen(text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT char_length($1)';
CREATE OR REPLACE FUNCTION rs_compat.replicate(text, int) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT repeat($1, $2)';
CREATE OR REPLACE FUNCTION rs_compat.charindex(text, text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT strpos($2, $1)';
CREATE OR REPLACE FUNCTION rs_compat.sha2(text, int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(CASE $2 WHEN 224 THEN sha224(convert_to($1, 'UTF8')) WHEN 384 THEN sha384(convert_to($1, 'UTF8'))
                          WHEN 512 THEN sha512(convert_to($1, 'UTF8')) WHEN 256 THEN sha256(convert_to($1, 'UTF8'))
                          WHEN 0 THEN sha256(convert_to($1, 'UTF8')) END, 'hex')
$$;

-- https://docs.aws.amazon.com/redshift/latest/dg/REGEXP_SUBSTR.html, REGEXP_INSTR.html, REGEXP_COUNT.html, REGEXP_REPLACE.html
CREATE OR REPLACE FUNCTION rs_compat.refuse_pattern(message text, given text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '2201B', MESSAGE = message || ': ' || given;
END $$;
CREATE OR REPLACE FUNCTION rs_compat.posix(pattern text, parameters text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN strpos(pattern, '(?') = 0 OR strpos(parameters, 'p') > 0 THEN pattern
                ELSE rs_compat.refuse_pattern('Invalid preceding regular expression prior to repetition operator', pattern) END
$$;
CREATE OR REPLACE FUNCTION rs_compat.pattern_flags(parameters text, known text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN strpos(parameters, 'p') > 0
                THEN rs_compat.refuse_pattern('the local stand-in for Redshift does not do the PCRE dialect (the parameter p)', parameters)
                WHEN ltrim(parameters, known) <> ''
                THEN rs_compat.refuse_pattern('invalid regular expression parameter', parameters)
                WHEN strpos(parameters, 'i') > 0 AND strpos(parameters, 'c') > 0
                THEN rs_compat.refuse_pattern('the local stand-in for Redshift does not do c and i together', parameters)
                WHEN strpos(parameters, 'i') > 0 THEN 'i' ELSE 'c' END
$$;
-- 1 when the parameter e asks for the first subexpression and there is one (escaped and bracketed parentheses are none).
CREATE OR REPLACE FUNCTION rs_compat.subexpression(pattern text, parameters text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN strpos(parameters, 'e') > 0
                     AND pg_catalog.regexp_replace(pattern, E'\\\\.|\\[\\^?\\]?[^\\]]*\\]', '', 'g') LIKE '%(%'
                THEN 1 ELSE 0 END
$$;
CREATE OR REPLACE FUNCTION rs_compat.regexp_substr(source text, pattern text, start int DEFAULT 1, occurrence int DEFAULT 1,
    parameters text DEFAULT '') RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN source IS NULL OR pattern IS NULL OR start IS NULL OR occurrence IS NULL OR parameters IS NULL THEN NULL
                WHEN start > char_length(source) THEN ''
                WHEN occurrence < 1 OR occurrence > char_length(source) THEN NULL
                ELSE coalesce(pg_catalog.regexp_substr(source, rs_compat.posix(pattern, parameters), greatest(start, 1), occurrence,
                         rs_compat.pattern_flags(parameters, 'cie'), rs_compat.subexpression(pattern, parameters)), '') END
$$;
CREATE OR REPLACE FUNCTION rs_compat.regexp_instr(source text, pattern text, start int DEFAULT 1, occurrence int DEFAULT 1,
    option int DEFAULT 0, parameters text DEFAULT '') RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN start > char_length(source) OR occurrence < 1 OR occurrence > char_length(source) THEN 0
                ELSE pg_catalog.regexp_instr(source, rs_compat.posix(pattern, parameters), greatest(start, 1), occurrence,
                         (option <> 0)::int, rs_compat.pattern_flags(parameters, 'cie'),
                         rs_compat.subexpression(pattern, parameters)) END
$$;
CREATE OR REPLACE FUNCTION rs_compat.regexp_count(source text, pattern text, start int DEFAULT 1, parameters text DEFAULT '')
RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN start > char_length(source) THEN 0
                ELSE pg_catalog.regexp_count(source, rs_compat.posix(pattern, parameters), greatest(start, 1),
                         rs_compat.pattern_flags(parameters, 'ci')) END
$$;
CREATE OR REPLACE FUNCTION rs_compat.regexp_replace(source text, pattern text, replacement text DEFAULT '',
    start int DEFAULT 1, parameters text DEFAULT '') RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN start > char_length(source) THEN source
                ELSE pg_catalog.regexp_replace(source, rs_compat.posix(pattern, parameters), replacement, greatest(start, 1), 0,
                         rs_compat.pattern_flags(parameters, 'ci')) END
$$;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_STRTOL.html; hexadecimal digits known to be 15 at most are apart,
-- because digests of whole tables use them.
CREATE OR REPLACE FUNCTION rs_compat.strtol16(text) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    $$SELECT pg_catalog.int8(('x' || $1)::varbit)$$;
CREATE OR REPLACE FUNCTION rs_compat.strtol(value text, base int) RETURNS bigint LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    digits text := lower(ltrim(value, E' \t\n\r\f\v'));
    negative boolean := digits LIKE '-%';
    result numeric := 0;
    digit int;
BEGIN
    IF base NOT BETWEEN 2 AND 36 THEN
        RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('The input base %s is not between 2 and 36', base);
    END IF;
    digits := pg_catalog.regexp_replace(digits, '^[+-]', '');
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
