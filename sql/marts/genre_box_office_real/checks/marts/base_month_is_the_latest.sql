-- severity: error
select
    genre_box_office_real.genre_name,
    genre_box_office_real.base_month
from movies.genre_box_office_real as genre_box_office_real
where
    genre_box_office_real.base_month <> (
        select max(cpi.date) as base_month
        from movies.cpi as cpi
        where cpi.consumer_price_index is not null
    );
