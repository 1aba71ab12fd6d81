-- repeatable
-- When the newest span was received is asked every few seconds; whether a payload is still referred to, before it is deleted.
ALTER TABLE spans
    ADD INDEX IF NOT EXISTS spans_received_at received_at TYPE minmax GRANULARITY 1,
    ADD INDEX IF NOT EXISTS spans_input_sha256 input_sha256 TYPE bloom_filter(0.01) GRANULARITY 4,
    ADD INDEX IF NOT EXISTS spans_output_sha256 output_sha256 TYPE bloom_filter(0.01) GRANULARITY 4;
