-- The sentences that tables and columns carry already; the column is empty for a table's own.
select
    pg_class.relname as table_name,
    coalesce(pg_attribute.attname, '') as column_name,
    pg_description.description
from pg_description
inner join pg_class on pg_description.objoid = pg_class.oid
inner join pg_namespace on pg_class.relnamespace = pg_namespace.oid
left join pg_attribute
    on
        pg_class.oid = pg_attribute.attrelid
        and pg_description.objsubid = pg_attribute.attnum
        and pg_description.objsubid > 0
where pg_namespace.nspname = 'movies';
