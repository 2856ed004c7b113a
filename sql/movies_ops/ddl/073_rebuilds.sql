-- Whether what was there already counted for nothing in this run; null for runs from before this file.
alter table movies_ops.load_run add column rebuilds boolean;
