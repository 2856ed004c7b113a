-- severity: error
select
    date,
    consumer_price_index
from movies_staging.cpi
where consumer_price_index <= 0 or consumer_price_index >= 1000000;
