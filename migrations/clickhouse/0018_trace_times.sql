-- repeatable
-- `trace_index` in finer granules and small blocks: a page of a list looks hundreds of traces up at once, each somewhere else, and
-- read a granule of 8192 rows for each. Its granularity cannot be changed, so it gets a new name and is filled from the spans.
CREATE TABLE IF NOT EXISTS trace_times
(
    project_id UUID,
    trace_id String CODEC(ZSTD(1)),
    first_started_at SimpleAggregateFunction(min, DateTime64(6, 'UTC')) CODEC(ZSTD(1)),
    last_started_at SimpleAggregateFunction(max, DateTime64(6, 'UTC')) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
ORDER BY (project_id, trace_id)
SETTINGS
    index_granularity = 1024, min_compress_block_size = 16384, max_compress_block_size = 16384,
    min_parts_to_merge_at_once = 30, merge_selector_base = 40, merge_selector_enable_heuristic_to_remove_small_parts_at_right = 0,
    min_age_to_force_merge_seconds = 3600, max_bytes_to_merge_at_max_space_in_pool = 8589934592;

CREATE MATERIALIZED VIEW IF NOT EXISTS trace_times_from_spans TO trace_times AS
SELECT project_id, trace_id, min(started_at) AS first_started_at, max(started_at) AS last_started_at
FROM spans
GROUP BY project_id, trace_id;

INSERT INTO trace_times SELECT project_id, trace_id, started_at, started_at FROM spans;

DROP VIEW IF EXISTS trace_index_from_spans;
DROP TABLE IF EXISTS trace_index;
