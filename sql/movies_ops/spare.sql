-- It is a run's again.
delete from movies_ops.load_condemned
where application = %(application)s and made = %(made)s;
