-- severity: error
select
    count(*) as row_count,
    count(distinct month) as month_count
from movies.box_office_by_release_month
having count(*) <> 12 or count(distinct month) <> 12;
