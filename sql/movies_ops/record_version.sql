insert into movies_ops.schema_version (version, name, sha256, applied_at)
values (%(version)s, %(name)s, %(sha256)s, %(now)s);
