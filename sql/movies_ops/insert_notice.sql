insert into movies_ops.load_notice (event, about, told_at)
values (%(event)s, %(about)s, %(now)s);
