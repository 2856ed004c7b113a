-- The same in dollars of base_month, for the films whose prices are known: nominal ones compare 1930 with 2015.
alter table movies.box_office_by_release_month add column real_movie_count bigint;

alter table movies.box_office_by_release_month add column real_revenue numeric(24, 2);

alter table movies.box_office_by_release_month add column mean_real_revenue numeric(24, 2);

alter table movies.box_office_by_release_month add column median_real_revenue numeric(24, 2);

alter table movies.box_office_by_release_month add column base_month date;
