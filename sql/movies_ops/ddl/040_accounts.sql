-- Rows in = rows out + merged + rejected. merged: the row is there already under its key, which is no loss;
-- rejected: it did not arrive; repaired: it arrived with a cell emptied. An input that is no table (links) has a row in
-- load_table too, in which only its accounts are filled.
alter table movies_ops.load_table add column rows_merged bigint;

alter table movies_ops.load_rejected add column kind varchar(16);

-- Earlier runs called both rejected.
update movies_ops.load_rejected
set
    kind = case
        when reason in ('merged_duplicate', 'duplicate_film', 'superseded_rating', 'other_name') then 'merged'
        else 'rejected'
    end;

update movies_ops.load_table
set rows_merged = 0
where rows_in is not null;

update movies_ops.load_table
set
    rows_merged = merged.row_count,
    rows_rejected = rows_rejected - merged.row_count
from (
    select
        run_id,
        table_name,
        cast(sum(row_count) as bigint) as row_count
    from movies_ops.load_rejected
    where kind = 'merged'
    group by run_id, table_name
) as merged
where movies_ops.load_table.run_id = merged.run_id and movies_ops.load_table.table_name = merged.table_name;
