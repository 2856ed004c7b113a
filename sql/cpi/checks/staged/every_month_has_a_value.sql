-- severity: warn
-- October 2025 was never collected; more missing months would thin the real revenues out.
select date
from movies_staging.cpi
where consumer_price_index is null;
