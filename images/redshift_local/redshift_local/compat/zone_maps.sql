-- Redshift finds a range of the sort key by zone maps, the least and the greatest value of each block; PostgreSQL has them
-- as BRIN. No client meets them: the views of the catalog leave them out, and their names have a number that is nobody
-- else's. What cannot be done is left, because a table without them is only slower.
-- https://docs.aws.amazon.com/redshift/latest/dg/t_Sorting_data.html
CREATE OR REPLACE VIEW rs_compat.zone_maps AS
SELECT i.indexrelid, i.indrelid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relam = (SELECT oid FROM pg_am WHERE amname = 'brin');

CREATE OR REPLACE FUNCTION rs_compat.keep_zone_map(sorted regclass, sort_key text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM rs_compat.zone_maps WHERE indrelid = sorted) THEN
        EXECUTE format('CREATE INDEX %I ON %s USING brin (%s)', 'zone map of ' || sorted::oid, sorted, sort_key);
    END IF;
EXCEPTION WHEN OTHERS THEN NULL;
END
$$;

-- Rows that came since are in no zone yet. After a COPY the planner must hear besides that they lie in order: Redshift's COPY
-- keeps statistics too.
CREATE OR REPLACE FUNCTION rs_compat.extend_zone_map(sorted regclass, is_copied boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    zone_map regclass := (SELECT indexrelid FROM rs_compat.zone_maps WHERE indrelid = sorted);
BEGIN
    PERFORM brin_summarize_new_values(zone_map) WHERE zone_map IS NOT NULL;
    IF is_copied AND zone_map IS NOT NULL THEN
        EXECUTE format('ANALYZE %s', sorted);
    END IF;
EXCEPTION WHEN OTHERS THEN NULL;
END
$$;
