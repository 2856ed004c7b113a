-- Revenue by genre in dollars of base_month; a film counts in full for each of its genres.
create table movies.genre_box_office_real (
    genre_name varchar(100) not null,
    movie_count bigint not null,
    nominal_revenue bigint not null,
    real_revenue numeric(24, 2) not null,
    mean_real_revenue numeric(24, 2) not null,
    base_month date not null
)
diststyle all
sortkey (real_revenue);
