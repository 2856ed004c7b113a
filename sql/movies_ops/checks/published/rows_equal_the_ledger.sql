-- severity: error
-- What readers see is what was counted in the transaction that wrote it.
with counted as (
    select
        'movies' as table_name,
        count(*) as row_count
    from movies.movies
    union all
    select
        'genre' as table_name,
        count(*) as row_count
    from movies.genre
    union all
    select
        'movie_genre' as table_name,
        count(*) as row_count
    from movies.movie_genre
    union all
    select
        'date' as table_name,
        count(*) as row_count
    from movies.date
    union all
    select
        'ratings' as table_name,
        count(*) as row_count
    from movies.ratings
    union all
    select
        'cpi' as table_name,
        count(*) as row_count
    from movies.cpi
    union all
    select
        'movie_rating' as table_name,
        count(*) as row_count
    from movies.movie_rating
    union all
    select
        'genre_popularity' as table_name,
        count(*) as row_count
    from movies.genre_popularity
    union all
    select
        'box_office_by_release_month' as table_name,
        count(*) as row_count
    from movies.box_office_by_release_month
    union all
    select
        'genre_box_office_real' as table_name,
        count(*) as row_count
    from movies.genre_box_office_real
)

select
    counted.table_name,
    counted.row_count,
    load_table.published_rows
from counted
left join movies_ops.load_table as load_table
    on counted.table_name = load_table.table_name and load_table.run_id = %(run_id)s
where load_table.published_rows is null or load_table.published_rows <> counted.row_count;
