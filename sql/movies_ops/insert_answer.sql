insert into movies_ops.load_answer (run_id, answer, headline)
values (%(run_id)s, %(answer)s, %(headline)s);
