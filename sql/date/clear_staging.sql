delete from movies_staging.date;
