-- The first statement of every writing transaction: before any snapshot is taken.
lock table movies_ops.load_lock;
