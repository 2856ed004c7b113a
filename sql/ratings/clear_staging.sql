delete from movies_staging.ratings;
