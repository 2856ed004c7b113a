-- m of the Bayesian rating: each film starts with so many ratings of the mean of all. The mart and the report ask here.
create view movies.rating_prior as
select 50 as rating_count;
