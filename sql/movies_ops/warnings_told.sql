select distinct about
from movies_ops.load_notice
where event = 'warnings' and told_at >= %(since)s;
