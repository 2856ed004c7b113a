select table_name
from information_schema.tables
where table_schema = 'movies_ops' and table_name = 'schema_version';
