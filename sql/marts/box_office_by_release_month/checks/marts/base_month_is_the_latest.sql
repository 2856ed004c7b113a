-- severity: error
select
    mart.month,
    mart.base_month
from movies.box_office_by_release_month as mart
where
    mart.base_month <> (
        select max(cpi.date) as base_month
        from movies.cpi as cpi
        where cpi.consumer_price_index is not null
    );
