select
    application,
    made,
    condemned_at
from movies_ops.load_condemned;
