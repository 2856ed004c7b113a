-- FRED's CUSR0000SS62031 by month (its first day); null where FRED has no value.
-- The key is not enforced by Redshift but trusted by its planner: checks/staged proves it before anything is published.
create table movies.cpi (
    date date not null,
    consumer_price_index numeric(9, 3),
    primary key (date)
)
diststyle all
sortkey (date);

-- The curated columns in the same order (COPY goes by position), wide and nullable: bad data becomes a finding there.
create table movies_staging.cpi (
    date date,
    consumer_price_index double precision
)
diststyle all
sortkey (date);
