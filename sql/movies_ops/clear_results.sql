delete from movies_ops.quality_result
where run_id = %(run_id)s and stage = %(stage)s;
