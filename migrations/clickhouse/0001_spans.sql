-- repeatable
-- One row a span. Every query carries a project and a time range; the key turns those into a few granules.
-- Both deduplication windows are set, since the engine decides which one counts (plain or replicated MergeTree).
CREATE TABLE IF NOT EXISTS spans
(
    schema_version UInt16,
    organization_id UUID,
    project_id UUID,
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    parent_span_id String COMMENT 'empty: none' CODEC(ZSTD(1)),
    kind LowCardinality(String),
    name String CODEC(ZSTD(1)),
    started_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    ended_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    status LowCardinality(String),
    error_code LowCardinality(Nullable(String)) COMMENT 'null: no error',
    error_message String CODEC(ZSTD(3)),
    error_upstream_status Nullable(Int64),

    home_region LowCardinality(String),
    serving_region LowCardinality(String),
    environment LowCardinality(String),
    release LowCardinality(String),
    user_id String CODEC(ZSTD(1)),
    session_id String CODEC(ZSTD(1)),
    tags Array(LowCardinality(String)),
    metadata_text Map(LowCardinality(String), String) CODEC(ZSTD(3)),
    metadata_number Map(LowCardinality(String), Float64) CODEC(ZSTD(1)),
    metadata_boolean Map(LowCardinality(String), Bool) CODEC(ZSTD(1)),
    start_clamped Bool ALIAS mapContains(metadata_number, 'evalforge.started_at_ms_sent'),

    provider LowCardinality(String),
    model_requested LowCardinality(String),
    model_served LowCardinality(String),
    simulated Bool,
    streamed Bool,
    parameters String COMMENT 'JSON object' CODEC(ZSTD(3)),
    finish_reason LowCardinality(Nullable(String)) COMMENT 'null: none was given',
    finish_reason_raw LowCardinality(String),
    tool_names Array(LowCardinality(String)),

    input_tokens Nullable(Int64) CODEC(ZSTD(1)),
    input_cached_tokens Nullable(Int64) CODEC(ZSTD(1)),
    cache_write_tokens Nullable(Int64) CODEC(ZSTD(1)),
    input_audio_tokens Nullable(Int64) CODEC(ZSTD(1)),
    input_image_tokens Nullable(Int64) CODEC(ZSTD(1)),
    output_tokens Nullable(Int64) CODEC(ZSTD(1)),
    reasoning_tokens Nullable(Int64) CODEC(ZSTD(1)),
    output_audio_tokens Nullable(Int64) CODEC(ZSTD(1)),
    usage_raw String CODEC(ZSTD(3)),

    -- Nano-dollars; null: the price is not known.
    cost_input_nano_usd Nullable(Int64) CODEC(ZSTD(1)),
    cost_input_cached_nano_usd Nullable(Int64) CODEC(ZSTD(1)),
    cost_cache_write_nano_usd Nullable(Int64) CODEC(ZSTD(1)),
    cost_input_audio_nano_usd Nullable(Int64) CODEC(ZSTD(1)),
    cost_input_image_nano_usd Nullable(Int64) CODEC(ZSTD(1)),
    cost_output_nano_usd Nullable(Int64) CODEC(ZSTD(1)),
    cost_reasoning_nano_usd Nullable(Int64) CODEC(ZSTD(1)),
    cost_output_audio_nano_usd Nullable(Int64) CODEC(ZSTD(1)),
    cost_nano_usd Nullable(Int64) CODEC(ZSTD(1)),
    cost_source LowCardinality(String),
    price_version LowCardinality(String),

    ttft_ms Nullable(Float64) CODEC(ZSTD(1)),
    upstream_ms Float64 CODEC(ZSTD(1)),
    overhead_ms Float64 CODEC(ZSTD(1)),
    http_status Int64 CODEC(T64, ZSTD(1)),

    input_kind LowCardinality(String) COMMENT 'inline, reference, omitted',
    input_media_type LowCardinality(String),
    input_text String CODEC(ZSTD(3)),
    input_preview String CODEC(ZSTD(3)),
    input_sha256 String CODEC(ZSTD(1)),
    input_bytes Int64 CODEC(ZSTD(1)),
    input_omitted_reason LowCardinality(String),
    output_kind LowCardinality(String) COMMENT 'inline, reference, omitted',
    output_media_type LowCardinality(String),
    output_text String CODEC(ZSTD(3)),
    output_preview String CODEC(ZSTD(3)),
    output_sha256 String CODEC(ZSTD(1)),
    output_bytes Int64 CODEC(ZSTD(1)),
    output_omitted_reason LowCardinality(String),
    upstream_request_url LowCardinality(Nullable(String)) COMMENT 'null: nothing went upstream',
    upstream_request_changed_fields Map(LowCardinality(String), String) CODEC(ZSTD(3)),

    hold_ids Array(String) CODEC(ZSTD(1)),
    prompt_id String CODEC(ZSTD(1)),
    prompt_version LowCardinality(String),
    prompt_label LowCardinality(String),
    experiment_id String CODEC(ZSTD(1)),
    experiment_arm LowCardinality(String),
    dataset_item_id String CODEC(ZSTD(1)),

    ingest_protocol LowCardinality(String),
    key_id LowCardinality(Nullable(String)),
    client LowCardinality(String),
    batch_object String COMMENT 'the raw/ object that carried it' CODEC(ZSTD(1)),
    received_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),

    version UInt64 COMMENT 'of equal keys the highest stays' CODEC(ZSTD(1)),
    is_deleted UInt8 DEFAULT 0,

    -- Whether an object has arrived is asked before it is inserted again.
    INDEX spans_batch_object batch_object TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY toYYYYMM(started_at)
PRIMARY KEY (project_id, toStartOfMinute(started_at), cityHash64(trace_id))
ORDER BY (project_id, toStartOfMinute(started_at), cityHash64(trace_id), trace_id, span_id)
SETTINGS
    non_replicated_deduplication_window = 100000,
    replicated_deduplication_window = 100000,
    replicated_deduplication_window_seconds = 86400;
