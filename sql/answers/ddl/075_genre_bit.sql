-- Each genre as a bit of a number, so that sets of genres are numbers.
create view movies.genre_bit as
select
    genre_id,
    cast(power(2, row_number() over (order by genre_id) - 1) as bigint) as genre_bit
from movies.genre;
