-- What somebody was told, and when: so that a recovery is told once, and a check that warns once a day.
-- event: 'failure' and 'recovery' are about a run, 'late' about a day, 'warnings' about a check each.
create table movies_ops.load_notice (
    event varchar(16) not null,
    about varchar(512) not null,
    told_at timestamp not null
)
diststyle all;
