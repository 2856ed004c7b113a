-- The day a run is for, not the one it happened to start on. Runs from before this file have none.
alter table movies_ops.load_run add column run_date date;
