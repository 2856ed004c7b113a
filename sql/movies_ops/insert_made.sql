insert into movies_ops.load_made (run_id, application, made)
values (%(run_id)s, %(application)s, %(made)s);
