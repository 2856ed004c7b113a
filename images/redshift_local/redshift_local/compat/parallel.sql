-- A query that calls a function of which PostgreSQL does not know that it is safe runs on one core.
DO $$
DECLARE
    function regprocedure;
BEGIN
    FOR function IN
        SELECT oid FROM pg_catalog.pg_proc
        WHERE pronamespace = 'rs_compat'::regnamespace AND prokind = 'f' AND provolatile <> 'v'
    LOOP
        EXECUTE format('ALTER FUNCTION %s PARALLEL SAFE', function);
    END LOOP;
END
$$;
