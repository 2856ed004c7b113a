-- What later runs are compared with: one row, a column for each measure.
select cast(count(*) as double precision) as row_count
from movies.genre;
