delete from movies_staging.cpi;
