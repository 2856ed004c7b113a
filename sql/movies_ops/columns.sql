-- What the warehouse's tables are made of, to be compared with their declarations.
select
    table_schema,
    table_name,
    column_name,
    data_type,
    character_maximum_length,
    numeric_precision,
    numeric_scale
from information_schema.columns
where table_schema in ('movies', 'movies_staging')
order by table_schema, table_name, ordinal_position;
