-- Nominal revenue by calendar month of release, one row for each of the twelve months.
create table movies.box_office_by_release_month (
    month integer not null,
    quarter integer not null,
    movie_count bigint not null,
    revenue bigint not null,
    mean_revenue numeric(20, 2),
    median_revenue numeric(20, 2)
)
diststyle all
sortkey (month);
