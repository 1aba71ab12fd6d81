-- repeatable
-- Calls of an earlier day came in by OpenAI's chat completions, or by its embeddings.
ALTER TABLE spans ADD COLUMN IF NOT EXISTS api LowCardinality(String)
    DEFAULT if(ingest_protocol = 'gateway', if(kind = 'embedding', 'embedding', 'chat'), '') AFTER ingest_protocol;
