-- The calendar parts of every release date; week is ISO 8601's.
-- The key is not enforced by Redshift but trusted by its planner: checks/staged proves it before anything is published.
create table movies.date (
    release_date date not null,
    day integer not null,
    week integer not null,
    month integer not null,
    quarter integer not null,
    year integer not null,
    primary key (release_date)
)
diststyle all
sortkey (release_date);

-- The curated columns in the same order (COPY goes by position), wide and nullable: bad data becomes a finding there.
create table movies_staging.date (
    release_date date,
    day integer,
    week integer,
    month integer,
    quarter integer,
    year integer
)
diststyle all
sortkey (release_date);
