-- DELETE, not TRUNCATE: that commits on Redshift. Readers see the last committed rows meanwhile.
delete from movies.cpi;

insert into movies.cpi (
    date,
    consumer_price_index
)
select
    date,
    cast(consumer_price_index as numeric(9, 3)) as consumer_price_index
from movies_staging.cpi;
