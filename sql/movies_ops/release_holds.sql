update movies_ops.load_hold
set released_at = %(now)s
where released_at is null;
