-- repeatable
-- When a row came into this store, by its own clock: what a rollup may lack. Rows of an earlier day get the time of
-- receipt for it, written down, since a default is otherwise computed at each reading.
ALTER TABLE spans ADD COLUMN IF NOT EXISTS inserted_at DateTime64(6, 'UTC') DEFAULT received_at CODEC(Delta, ZSTD(1));
ALTER TABLE spans MATERIALIZE COLUMN inserted_at SETTINGS mutations_sync = 2;
ALTER TABLE spans MODIFY COLUMN inserted_at DateTime64(6, 'UTC') DEFAULT now64(6) CODEC(Delta, ZSTD(1));
ALTER TABLE spans ADD INDEX IF NOT EXISTS spans_inserted_at inserted_at TYPE minmax GRANULARITY 1;
ALTER TABLE spans MATERIALIZE INDEX spans_inserted_at SETTINGS mutations_sync = 2;

-- Figures of the spans of a project by bucket of time and what tells them apart, computed anew, never added to. Of a
-- bucket's rows only those with the version of its newest marker count. Those of an older version that have the same
-- dimensions are merged away.
CREATE TABLE IF NOT EXISTS rollups
(
    project_id UUID,
    level UInt32 COMMENT 'length of the bucket in seconds',
    is_marker Bool,
    bucket DateTime('UTC') CODEC(Delta, ZSTD(1)),

    kind LowCardinality(String),
    status LowCardinality(String),
    error_code LowCardinality(String) COMMENT 'empty: no error',
    provider LowCardinality(String),
    model_requested LowCardinality(String),
    model_served LowCardinality(String),
    key_id LowCardinality(String) COMMENT 'empty: none',
    environment LowCardinality(String),
    serving_region LowCardinality(String),
    simulated Bool,

    -- Sums pass over what is not known; sketches tell how many values lie in each bin; sets are of hashes.
    spans Int128 CODEC(ZSTD(1)),
    input_tokens Int128 CODEC(ZSTD(1)),
    input_cached_tokens Int128 CODEC(ZSTD(1)),
    cache_write_tokens Int128 CODEC(ZSTD(1)),
    cache_write_hour_tokens Int128 CODEC(ZSTD(1)),
    input_audio_tokens Int128 CODEC(ZSTD(1)),
    input_image_tokens Int128 CODEC(ZSTD(1)),
    output_tokens Int128 CODEC(ZSTD(1)),
    reasoning_tokens Int128 CODEC(ZSTD(1)),
    output_audio_tokens Int128 CODEC(ZSTD(1)),
    cost_input_nano_usd Int128 CODEC(ZSTD(1)),
    cost_input_cached_nano_usd Int128 CODEC(ZSTD(1)),
    cost_cache_write_nano_usd Int128 CODEC(ZSTD(1)),
    cost_cache_write_hour_nano_usd Int128 CODEC(ZSTD(1)),
    cost_input_audio_nano_usd Int128 CODEC(ZSTD(1)),
    cost_input_image_nano_usd Int128 CODEC(ZSTD(1)),
    cost_output_nano_usd Int128 CODEC(ZSTD(1)),
    cost_reasoning_nano_usd Int128 CODEC(ZSTD(1)),
    cost_output_audio_nano_usd Int128 CODEC(ZSTD(1)),
    cost_nano_usd Int128 CODEC(ZSTD(1)),
    unpriced_spans Int128 CODEC(ZSTD(1)),
    timed_output_tokens Int128 CODEC(ZSTD(1)),
    timed_us Int128 CODEC(ZSTD(1)),
    duration_us Int128 CODEC(ZSTD(1)),
    duration_us_sketch Map(Int32, UInt64) CODEC(ZSTD(1)),
    ttft_ms_sketch Map(Int32, UInt64) CODEC(ZSTD(1)),
    overhead_ms_sketch Map(Int32, UInt64) CODEC(ZSTD(1)),
    users Array(UInt64) CODEC(ZSTD(1)),
    sessions Array(UInt64) CODEC(ZSTD(1)),
    traces Array(UInt64) CODEC(ZSTD(1)),

    version UInt64 COMMENT 'when its computing began in milliseconds, times 2^20, and a random part' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(bucket)
PRIMARY KEY (project_id, level, is_marker, bucket)
ORDER BY (project_id, level, is_marker, bucket, kind, status, error_code, provider, model_requested, model_served, key_id,
    environment, serving_region, simulated);

-- What had come in before this moment is in the rollups, but for buckets that have taken more since.
CREATE TABLE IF NOT EXISTS rollup_progress
(
    id UInt8,
    through SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY id;
