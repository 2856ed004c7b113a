insert into movies_ops.load_condemned (application, made, condemned_at)
values (%(application)s, %(made)s, %(now)s);
