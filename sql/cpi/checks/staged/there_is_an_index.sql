-- severity: error
select count(consumer_price_index) as months_with_value
from movies_staging.cpi
having count(consumer_price_index) = 0;
