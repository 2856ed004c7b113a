-- severity: warn
-- The bureau publishes a month in the middle of the next one; a pinned vintage is old by intent.
select max(date) as last_month
from movies_staging.cpi
where consumer_price_index is not null
having current_date - max(date) > 75;
