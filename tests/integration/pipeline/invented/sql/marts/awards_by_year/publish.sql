delete from movies.awards_by_year;

insert into movies.awards_by_year (year, award_count)
select
    year,
    count(*) as award_count
from movies.award
where year is not null
group by year;
