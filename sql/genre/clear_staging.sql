delete from movies_staging.genre;
