-- The catalog as Redshift's clients know it; run after compat.sql. A query that names a relation or function of
-- pg_catalog or information_schema gets the one of the same name in rs_compat, where there is one: without the stand-in's
-- own objects, with PostgreSQL 8.0's and Redshift's columns, and with the keys that tables declare.
-- Styles, sort keys and encodings, which are not kept, are NULL.
-- The system views that Redshift alone has stand in pg_catalog itself.
-- https://docs.aws.amazon.com/redshift/latest/dg/c_intro_catalog_views.html

-- A declared key is a CHECK constraint that is never enforced (keys.py); its expression's columns are the key's.
CREATE OR REPLACE VIEW rs_compat.declared_keys AS
SELECT k.*, CASE k.contype WHEN 'f' THEN coalesce((
        SELECT refobjid FROM pg_depend WHERE classid = 'pg_constraint'::regclass AND objid = k.oid
            AND refclassid = 'pg_class'::regclass AND refobjid <> k.conrelid LIMIT 1), k.conrelid) ELSE 0 END AS target
FROM (
    SELECT oid, tableoid, conname, connamespace, conrelid, conkey,
        substr(pg_get_expr(conbin, conrelid), 7, 1)::"char" AS contype,
        string_to_array(split_part(pg_get_expr(conbin, conrelid), '''', 4), ',') AS target_columns
    FROM pg_constraint
    WHERE contype = 'c' AND NOT conenforced AND pg_get_expr(conbin, conrelid) LIKE '(ROW(''_''%') k;

CREATE OR REPLACE VIEW rs_compat.pg_constraint AS
SELECT oid, tableoid, conname, connamespace, contype, false AS condeferrable, false AS condeferred, true AS convalidated,
    true AS conenforced, conrelid, 0::oid AS contypid, CASE contype WHEN 'f' THEN 0 ELSE oid END AS conindid,
    0::oid AS conparentid, target AS confrelid,
    CASE contype WHEN 'f' THEN 'a' ELSE ' ' END::"char" AS confupdtype,
    CASE contype WHEN 'f' THEN 'a' ELSE ' ' END::"char" AS confdeltype,
    CASE contype WHEN 'f' THEN 'u' ELSE ' ' END::"char" AS confmatchtype, true AS conislocal, 0::smallint AS coninhcount,
    true AS connoinherit, conkey,
    CASE WHEN contype <> 'f' THEN NULL WHEN target_columns[1] <> '' THEN ARRAY(
            SELECT a.attnum FROM unnest(target_columns) WITH ORDINALITY AS named (name, at)
            JOIN pg_attribute a ON a.attrelid = target AND a.attname = named.name ORDER BY named.at)
        ELSE (SELECT p.conkey FROM rs_compat.declared_keys p WHERE p.conrelid = k.target AND p.contype = 'p' LIMIT 1)
        END::smallint[] AS confkey,
    NULL::pg_node_tree AS conbin, NULL::text AS consrc
FROM rs_compat.declared_keys k;

CREATE OR REPLACE FUNCTION rs_compat.column_list(relation oid, numbers smallint[]) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY listed.at)
    FROM unnest(numbers) WITH ORDINALITY AS listed (number, at)
    JOIN pg_attribute a ON a.attrelid = relation AND a.attnum = listed.number
$$;
CREATE OR REPLACE FUNCTION rs_compat.pg_get_constraintdef(key oid, pretty boolean DEFAULT false) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' ELSE 'FOREIGN KEY' END
        || ' (' || rs_compat.column_list(conrelid, conkey) || ')'
        || CASE contype WHEN 'f' THEN ' REFERENCES ' || confrelid::regclass || '('
            || coalesce(rs_compat.column_list(confrelid, confkey), '') || ')' ELSE '' END
    FROM rs_compat.pg_constraint WHERE oid = key
$$;
CREATE OR REPLACE FUNCTION rs_compat.pg_get_indexdef(key oid, col integer DEFAULT 0, pretty boolean DEFAULT false)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN col = 0 THEN 'CREATE UNIQUE INDEX ' || quote_ident(conname) || ' ON ' || conrelid::regclass
            || ' USING btree (' || rs_compat.column_list(conrelid, conkey) || ')'
        ELSE rs_compat.column_list(conrelid, conkey[col:col]) END
    FROM rs_compat.pg_constraint WHERE oid = key AND contype <> 'f'
$$;

CREATE OR REPLACE FUNCTION rs_compat.pg_table_is_visible(relation oid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(pg_table_is_visible(relation),
        (SELECT pg_table_is_visible(conrelid) FROM rs_compat.declared_keys WHERE oid = relation))
$$;

CREATE OR REPLACE VIEW rs_compat.pg_namespace AS
SELECT tableoid, oid, nspname, nspowner, nspacl FROM pg_namespace WHERE nspname <> 'rs_compat';

-- To PostgreSQL 8.0's tools a primary or unique key is an index.
CREATE OR REPLACE VIEW rs_compat.pg_index AS
SELECT indexrelid, indrelid, indnatts, indnkeyatts, indisunique, indnullsnotdistinct, indisprimary, indisexclusion,
    indimmediate, indisclustered, indisvalid, indcheckxmin, indisready, indislive, indisreplident, indkey, indcollation,
    indclass, indoption, indexprs, indpred
FROM pg_index WHERE indexrelid NOT IN (SELECT indexrelid FROM rs_compat.zone_maps)
UNION ALL
SELECT oid, conrelid, cardinality(conkey)::smallint, cardinality(conkey)::smallint, true, false, contype = 'p', false,
    true, false, true, false, true, true, false, array_to_string(conkey, ' ')::int2vector, ''::oidvector,
    ''::oidvector, array_to_string(array_fill(0, ARRAY[cardinality(conkey)]), ' ')::int2vector, NULL, NULL
FROM rs_compat.declared_keys WHERE contype <> 'f';

CREATE OR REPLACE VIEW rs_compat.pg_class AS
SELECT 'pg_class'::regclass::oid AS tableoid, oid, relname, relnamespace, reltype, reloftype, relowner, relam,
    relfilenode, reltablespace, relpages, reltuples, relallvisible, reltoastrelid, 0::oid AS reltoastidxid,
    relhasindex AND oid NOT IN (SELECT indrelid FROM rs_compat.zone_maps) OR primary_keys + unique_keys > 0 AS relhasindex,
    relisshared, relpersistence, relkind, relnatts,
    0::smallint AS relchecks, 0::smallint AS reltriggers, unique_keys::smallint AS relukeys,
    foreign_keys::smallint AS relfkeys, 0::smallint AS relrefs, false AS relhasoids, primary_keys > 0 AS relhaspkey,
    relhasrules, relhastriggers OR foreign_keys + referring_keys > 0 AS relhastriggers, relhassubclass, relrowsecurity,
    relforcerowsecurity, relispopulated, relreplident, relispartition, relrewrite, relfrozenxid, relminmxid, relacl,
    reloptions, relpartbound, NULL::smallint AS reldiststyle, NULL::smallint AS releffectivediststyle,
    NULL::timestamp AS relcreationtime
FROM (
    SELECT c.*, (SELECT count(*) FROM rs_compat.declared_keys WHERE conrelid = c.oid AND contype = 'p') AS primary_keys,
        (SELECT count(*) FROM rs_compat.declared_keys WHERE conrelid = c.oid AND contype = 'u') AS unique_keys,
        (SELECT count(*) FROM rs_compat.declared_keys WHERE conrelid = c.oid AND contype = 'f') AS foreign_keys,
        (SELECT count(*) FROM rs_compat.declared_keys WHERE target = c.oid) AS referring_keys
    FROM pg_class c WHERE relnamespace <> 'rs_compat'::regnamespace
        AND oid NOT IN (SELECT indexrelid FROM rs_compat.zone_maps)
    UNION ALL
    SELECT i.*, 0, 0, 0, 0
    FROM rs_compat.declared_keys k JOIN pg_class c ON c.oid = k.conrelid,
        LATERAL jsonb_populate_record(c, jsonb_build_object('oid', k.oid::bigint, 'relname', k.conname, 'relkind', 'i',
            'relnatts', cardinality(k.conkey), 'reltype', 0, 'relam', 403, 'relhasindex', false)) i
    WHERE k.contype <> 'f') shown;

CREATE OR REPLACE VIEW rs_compat.pg_attribute AS
SELECT attrelid, attname, atttypid, attstattarget, attlen, attnum, attndims, -1 AS attcacheoff, atttypmod, attbyval,
    attalign, attstorage, attcompression, attnotnull, atthasdef, atthasmissing, attidentity, attgenerated, attisdropped,
    attislocal, attinhcount, attcollation, attacl, attoptions, attfdwoptions, NULL::boolean AS attisdistkey,
    false AS attispreloaded, NULL::int AS attsortkeyord, 0::smallint AS attencodingtype, 0::smallint AS attencrypttype
FROM pg_attribute WHERE attrelid NOT IN (SELECT indexrelid FROM rs_compat.zone_maps)
UNION ALL
SELECT k.oid, attname, atttypid, attstattarget, attlen, listed.at::smallint, attndims, -1, atttypmod, attbyval, attalign,
    attstorage, attcompression, false, false, false, ''::"char", ''::"char", false, true, 0::smallint, attcollation, NULL,
    NULL, NULL, NULL, false, NULL, 0::smallint, 0::smallint
FROM rs_compat.declared_keys k, unnest(k.conkey) WITH ORDINALITY AS listed (number, at), pg_attribute a
WHERE k.contype <> 'f' AND a.attrelid = k.conrelid AND a.attnum = listed.number;

-- A foreign key depends on the index of the key that it refers to.
CREATE OR REPLACE VIEW rs_compat.pg_depend AS
SELECT classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype FROM pg_depend
WHERE classid <> 'pg_class'::regclass OR objid NOT IN (SELECT indexrelid FROM rs_compat.zone_maps)
UNION ALL
SELECT 'pg_constraint'::regclass, k.oid, 0, 'pg_class'::regclass, p.oid, 0, 'n'::"char"
FROM rs_compat.pg_constraint k JOIN rs_compat.declared_keys p ON p.conrelid = k.confrelid AND p.conkey = k.confkey
WHERE k.contype = 'f' AND p.contype <> 'f';

CREATE OR REPLACE VIEW rs_compat.pg_attrdef AS
SELECT tableoid, oid, adrelid, adnum, adbin, pg_get_expr(adbin, adrelid) AS adsrc FROM pg_attrdef;
CREATE OR REPLACE VIEW rs_compat.pg_proc AS
SELECT tableoid, *, prokind = 'a' AS proisagg, prokind = 'w' AS proiswindow
FROM pg_proc WHERE pronamespace <> 'rs_compat'::regnamespace;
CREATE OR REPLACE VIEW rs_compat.pg_type AS
SELECT tableoid, * FROM pg_type WHERE typnamespace <> 'rs_compat'::regnamespace;
CREATE OR REPLACE VIEW rs_compat.pg_tables AS SELECT * FROM pg_tables WHERE schemaname <> 'rs_compat';
CREATE OR REPLACE VIEW rs_compat.pg_views AS SELECT * FROM pg_views WHERE schemaname <> 'rs_compat';
CREATE OR REPLACE VIEW rs_compat.pg_user AS
SELECT usename, usesysid, usecreatedb, usesuper, usesuper AS usecatupd, passwd, valuntil, useconfig FROM pg_user;

CREATE OR REPLACE VIEW rs_compat.schemata AS
SELECT * FROM information_schema.schemata WHERE schema_name <> 'rs_compat';
CREATE OR REPLACE VIEW rs_compat.tables AS SELECT * FROM information_schema.tables WHERE table_schema <> 'rs_compat';
CREATE OR REPLACE VIEW rs_compat.views AS SELECT * FROM information_schema.views WHERE table_schema <> 'rs_compat';
CREATE OR REPLACE VIEW rs_compat.columns AS SELECT * FROM information_schema.columns WHERE table_schema <> 'rs_compat';
CREATE OR REPLACE VIEW rs_compat.routines AS
SELECT * FROM information_schema.routines WHERE specific_schema <> 'rs_compat';
CREATE OR REPLACE VIEW rs_compat.check_constraints AS SELECT * FROM information_schema.check_constraints WHERE false;
CREATE OR REPLACE VIEW rs_compat.table_constraints AS
SELECT current_database()::varchar AS constraint_catalog, n.nspname::varchar AS constraint_schema,
    k.conname::varchar AS constraint_name, current_database()::varchar AS table_catalog,
    n.nspname::varchar AS table_schema, c.relname::varchar AS table_name,
    CASE k.contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' ELSE 'FOREIGN KEY' END::varchar AS constraint_type,
    'NO'::varchar AS is_deferrable, 'NO'::varchar AS initially_deferred
FROM rs_compat.declared_keys k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace;
CREATE OR REPLACE VIEW rs_compat.key_column_usage AS
SELECT current_database()::varchar AS constraint_catalog, n.nspname::varchar AS constraint_schema,
    k.conname::varchar AS constraint_name, current_database()::varchar AS table_catalog,
    n.nspname::varchar AS table_schema, c.relname::varchar AS table_name, a.attname::varchar AS column_name,
    listed.at::int AS ordinal_position,
    CASE k.contype WHEN 'f' THEN listed.at::int END AS position_in_unique_constraint
FROM rs_compat.declared_keys k, unnest(k.conkey) WITH ORDINALITY AS listed (number, at), pg_attribute a, pg_class c,
    pg_namespace n
WHERE a.attrelid = k.conrelid AND a.attnum = listed.number AND c.oid = k.conrelid AND n.oid = c.relnamespace;
CREATE OR REPLACE VIEW rs_compat.constraint_column_usage AS
SELECT current_database()::varchar AS table_catalog, n.nspname::varchar AS table_schema, c.relname::varchar AS table_name,
    a.attname::varchar AS column_name, current_database()::varchar AS constraint_catalog,
    o.nspname::varchar AS constraint_schema, k.conname::varchar AS constraint_name
FROM rs_compat.pg_constraint k, pg_class c, pg_namespace n, pg_namespace o, pg_attribute a
WHERE c.oid = CASE k.contype WHEN 'f' THEN k.confrelid ELSE k.conrelid END AND n.oid = c.relnamespace
    AND o.oid = k.connamespace AND a.attrelid = c.oid
    AND a.attnum = ANY (CASE k.contype WHEN 'f' THEN k.confkey ELSE k.conkey END);
CREATE OR REPLACE VIEW rs_compat.referential_constraints AS
SELECT current_database()::varchar AS constraint_catalog, n.nspname::varchar AS constraint_schema,
    k.conname::varchar AS constraint_name, current_database()::varchar AS unique_constraint_catalog,
    u.nspname::varchar AS unique_constraint_schema, p.conname::varchar AS unique_constraint_name,
    'NONE'::varchar AS match_option, 'NO ACTION'::varchar AS update_rule, 'NO ACTION'::varchar AS delete_rule
FROM rs_compat.pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
LEFT JOIN rs_compat.declared_keys p ON p.conrelid = k.confrelid AND p.conkey = k.confkey AND p.contype <> 'f'
LEFT JOIN pg_namespace u ON u.oid = p.connamespace
WHERE k.contype = 'f';

CREATE OR REPLACE FUNCTION rs_compat.format_encoding(integer) RETURNS varchar LANGUAGE sql IMMUTABLE AS
    $$SELECT CASE $1 WHEN 0 THEN 'none' END$$;
-- https://docs.aws.amazon.com/redshift/latest/dg/PG_GET_LATE_BINDING_VIEW_COLS.html; the stand-in has no such views.
CREATE OR REPLACE FUNCTION rs_compat.pg_get_late_binding_view_cols() RETURNS SETOF record LANGUAGE plpgsql STABLE AS
    $$BEGIN RETURN; END$$;

-- Over databases: this one. Over external schemas and datashares: there are none.
-- https://docs.aws.amazon.com/redshift/latest/dg/svv_views.html
CREATE OR REPLACE VIEW pg_catalog.svv_redshift_databases AS
SELECT datname::varchar AS database_name, datdba::int AS database_owner, 'local'::varchar AS database_type,
    array_to_string(datacl, '~')::varchar AS database_acl, ''::varchar AS database_options,
    'Snapshot Isolation'::varchar AS database_isolation_level
FROM pg_database WHERE datallowconn AND NOT datistemplate;
CREATE OR REPLACE VIEW pg_catalog.svv_redshift_schemas AS
SELECT current_database()::varchar AS database_name, nspname::varchar AS schema_name, nspowner::int AS schema_owner,
    'local'::varchar AS schema_type, array_to_string(nspacl, '~')::varchar AS schema_acl, ''::varchar AS schema_option
FROM rs_compat.pg_namespace WHERE nspname !~ '^pg_(toast|temp)';
CREATE OR REPLACE VIEW pg_catalog.svv_all_schemas AS
SELECT database_name, schema_name, schema_owner, schema_type, schema_acl, NULL::varchar AS source_database, schema_option
FROM svv_redshift_schemas;
CREATE OR REPLACE VIEW pg_catalog.svv_redshift_tables AS
SELECT current_database()::varchar AS database_name, n.nspname::varchar AS schema_name, c.relname::varchar AS table_name,
    CASE WHEN c.relkind IN ('v', 'm') THEN 'VIEW' ELSE 'TABLE' END::varchar AS table_type,
    array_to_string(c.relacl, '~')::varchar AS table_acl, obj_description(c.oid, 'pg_class')::varchar AS remarks,
    pg_get_userbyid(c.relowner)::varchar AS table_owner
FROM rs_compat.pg_class c JOIN rs_compat.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm') AND n.nspname !~ '^pg_(toast|temp)'
    AND has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, REFERENCES');
CREATE OR REPLACE VIEW pg_catalog.svv_all_tables AS
SELECT database_name, schema_name, table_name, table_acl, table_type, remarks, table_owner FROM svv_redshift_tables;
CREATE OR REPLACE VIEW pg_catalog.svv_redshift_columns AS
SELECT table_catalog::varchar AS database_name, table_schema::varchar AS schema_name, table_name::varchar AS table_name,
    column_name::varchar AS column_name, ordinal_position::int AS ordinal_position, data_type::varchar AS data_type,
    column_default::varchar AS column_default, is_nullable::varchar AS is_nullable, NULL::varchar AS encoding,
    NULL::boolean AS distkey, NULL::int AS sortkey, NULL::varchar AS column_acl, NULL::varchar AS remarks,
    character_maximum_length::int AS character_maximum_length, numeric_precision::int AS numeric_precision,
    numeric_scale::int AS numeric_scale
FROM svv_columns;
CREATE OR REPLACE VIEW pg_catalog.svv_all_columns AS
SELECT database_name, schema_name, table_name, column_name, ordinal_position, column_default, is_nullable, data_type,
    character_maximum_length, numeric_precision, numeric_scale, remarks
FROM svv_redshift_columns;
CREATE OR REPLACE VIEW pg_catalog.svv_external_schemas AS
SELECT 0 AS esoid, 0::smallint AS eskind, ''::varchar AS schemaname, 0 AS esowner, ''::varchar AS databasename,
    ''::varchar AS esoptions WHERE false;
CREATE OR REPLACE VIEW pg_catalog.svv_external_databases AS
SELECT 0 AS eskind, ''::varchar AS esoptions, ''::varchar AS databasename, ''::varchar AS location,
    ''::varchar AS parameters WHERE false;
CREATE OR REPLACE VIEW pg_catalog.svv_external_tables AS
SELECT ''::varchar AS redshift_database_name, ''::varchar AS schemaname, ''::varchar AS tablename,
    ''::varchar AS tabletype, ''::varchar AS location, ''::varchar AS input_format, ''::varchar AS output_format,
    ''::varchar AS serialization_lib, ''::varchar AS serde_parameters, 0 AS compressed, ''::varchar AS parameters
WHERE false;
CREATE OR REPLACE VIEW pg_catalog.svv_external_columns AS
SELECT ''::varchar AS redshift_database_name, ''::varchar AS schemaname, ''::varchar AS tablename,
    ''::varchar AS columnname, ''::varchar AS external_type, 0 AS columnnum, 0 AS part_key, ''::varchar AS is_nullable
WHERE false;
CREATE OR REPLACE VIEW pg_catalog.svv_external_partitions AS
SELECT ''::varchar AS schemaname, ''::varchar AS tablename, ''::varchar AS "values", ''::varchar AS location,
    ''::varchar AS input_format, ''::varchar AS output_format, ''::varchar AS serialization_lib,
    ''::varchar AS serde_parameters, 0 AS compressed, ''::varchar AS parameters WHERE false;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_TABLE_INFO.html, r_PG_TABLE_DEF.html, r_PG_CLASS_INFO.html
CREATE OR REPLACE FUNCTION rs_compat.rows_of(relation regclass) RETURNS numeric LANGUAGE plpgsql STABLE AS $$
DECLARE
    found bigint;
BEGIN
    EXECUTE 'SELECT count(*) FROM ' || relation INTO found;
    RETURN found;
END $$;
CREATE OR REPLACE VIEW pg_catalog.svv_table_info AS
SELECT current_database()::text AS database, n.nspname::text AS schema, c.oid AS table_id, c.relname::text AS "table",
    NULL::text AS encoded, NULL::text AS diststyle, NULL::text AS sortkey1,
    coalesce((SELECT max(atttypmod - 4) FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
        AND atttypid = 'varchar'::regtype), 0)::int AS max_varchar,
    NULL::char(32) AS sortkey1_enc, NULL::int AS sortkey_num, (pg_table_size(c.oid) + 1048575) / 1048576 AS size,
    NULL::float8 AS pct_used, 0::bigint AS empty, NULL::float8 AS unsorted, 0::numeric(5,2) AS stats_off,
    rs_compat.rows_of(c.oid)::numeric(38,0) AS tbl_rows, NULL::numeric(19,2) AS skew_sortkey1,
    NULL::numeric(19,2) AS skew_rows, rs_compat.rows_of(c.oid)::numeric(38,0) AS estimated_visible_rows,
    NULL::text AS risk_event, NULL::numeric(12,2) AS vacuum_sort_benefit, NULL::timestamp AS create_time
FROM rs_compat.pg_class c JOIN rs_compat.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
    AND pg_relation_size(c.oid) > 0 AND has_table_privilege(c.oid, 'SELECT');
CREATE OR REPLACE VIEW pg_catalog.pg_table_def AS
SELECT n.nspname AS schemaname, c.relname AS tablename, a.attname AS "column",
    format_type(a.atttypid, a.atttypmod) AS type, NULL::char(32) AS encoding, a.attisdistkey AS distkey,
    a.attsortkeyord AS sortkey, a.attnotnull AS "notnull"
FROM rs_compat.pg_class c JOIN rs_compat.pg_namespace n ON n.oid = c.relnamespace
JOIN rs_compat.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'r' AND (n.nspname = ANY (current_schemas(true)));
CREATE OR REPLACE VIEW pg_catalog.pg_class_info AS SELECT oid AS reloid, * FROM rs_compat.pg_class;
CREATE OR REPLACE VIEW pg_catalog.pg_proc_info AS SELECT oid AS prooid, * FROM rs_compat.pg_proc;
CREATE OR REPLACE VIEW pg_catalog.svv_user_info AS
SELECT usename::varchar AS user_name, usesysid::int AS user_id, usecreatedb AS createdb, usesuper AS superuser,
    usesuper AS catalog_update, 'UNLIMITED'::varchar AS connection_limit, 'UNRESTRICTED'::varchar AS syslog_access,
    NULL::timestamp AS last_ddl_timestamp, 0 AS session_timeout, NULL::varchar AS external_user_id
FROM pg_user;
DO $$
DECLARE
    shown name;
BEGIN
    FOR shown IN SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace = 'rs_compat'::regnamespace LOOP
        EXECUTE 'GRANT SELECT ON rs_compat.' || quote_ident(shown) || ' TO PUBLIC';
    END LOOP;
    FOR shown IN SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace = 'pg_catalog'::regnamespace
        AND relname ~ '^(svv|stl|sys|pg_table_def|pg_class_info|pg_proc_info)' LOOP
        EXECUTE 'GRANT SELECT ON pg_catalog.' || quote_ident(shown) || ' TO PUBLIC';
    END LOOP;
END $$;
