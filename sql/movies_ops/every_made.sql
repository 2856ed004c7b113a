select
    run_id,
    application,
    made
from movies_ops.load_made;
