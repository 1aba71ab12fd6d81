-- repeatable
-- One row a score. A score is the one of its id in its trace, whenever it was judged and however often it is sent, so no
-- time is part of the key, and whoever needs the newest alone reads all months (FINAL merges across partitions).
-- Both deduplication windows are set, as for spans.
CREATE TABLE IF NOT EXISTS scores
(
    schema_version UInt16,
    organization_id UUID,
    project_id UUID,
    score_id UUID,
    trace_id String CODEC(ZSTD(1)),
    span_id String COMMENT 'empty: the whole trace' CODEC(ZSTD(1)),
    session_id String CODEC(ZSTD(1)),
    name LowCardinality(String),
    type LowCardinality(String) COMMENT 'number, label, boolean',
    value Nullable(Float64) COMMENT 'null: a label alone; 1 and 0 of a boolean' CODEC(ZSTD(1)),
    label String CODEC(ZSTD(1)),
    comment String CODEC(ZSTD(3)),
    source LowCardinality(String) COMMENT 'human, llm, code, user',
    evaluator_id LowCardinality(String),
    evaluator_version LowCardinality(String),
    metadata_text Map(LowCardinality(String), String) CODEC(ZSTD(3)),
    metadata_number Map(LowCardinality(String), Float64) CODEC(ZSTD(1)),
    metadata_boolean Map(LowCardinality(String), Bool) CODEC(ZSTD(1)),
    judged_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),

    home_region LowCardinality(String),
    serving_region LowCardinality(String),
    ingest_protocol LowCardinality(String),
    key_id LowCardinality(Nullable(String)),
    client LowCardinality(String),
    batch_object String COMMENT 'the raw/ object that carried it' CODEC(ZSTD(1)),
    received_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),

    version UInt64 COMMENT 'of equal keys the highest stays' CODEC(ZSTD(1)),
    is_deleted UInt8 DEFAULT 0,

    -- Whether an object has arrived is asked before it is inserted again.
    INDEX scores_batch_object batch_object TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY toYYYYMM(judged_at)
ORDER BY (project_id, trace_id, score_id)
SETTINGS
    non_replicated_deduplication_window = 100000,
    replicated_deduplication_window = 100000,
    replicated_deduplication_window_seconds = 86400;
