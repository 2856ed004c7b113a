-- sample: of what the data are a sample ('' when they are all there is, null for runs from before this file).
-- allowed: the ceilings raised for this run, as account.reason=share with blanks between.
alter table movies_ops.load_run add column sample varchar(1000);

alter table movies_ops.load_run add column allowed varchar(4000);
