select
    version,
    name,
    sha256
from movies_ops.schema_version
order by version;
