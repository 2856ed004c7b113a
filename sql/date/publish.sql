-- DELETE, not TRUNCATE: that commits on Redshift. Readers see the last committed rows meanwhile.
delete from movies.date;

insert into movies.date (
    release_date,
    day,
    week,
    month,
    quarter,
    year
)
select
    release_date,
    day,
    week,
    month,
    quarter,
    year
from movies_staging.date;
