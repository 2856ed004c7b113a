-- A warehouse that no run has migrated yet has no place for them.
select table_name
from information_schema.tables
where table_schema = 'movies_ops' and table_name = 'load_notice';
