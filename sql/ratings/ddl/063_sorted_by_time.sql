-- Appended rows lie in order, and what is replaced by months is found by range.
alter table movies.ratings alter sortkey (rated_at);
