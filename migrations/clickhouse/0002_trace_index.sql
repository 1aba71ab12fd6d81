-- repeatable
-- When each trace began and when its last span began, so that one trace is found without a time range.
-- Least and greatest are the same however often a span arrives.
CREATE TABLE IF NOT EXISTS trace_index
(
    project_id UUID,
    trace_id String CODEC(ZSTD(1)),
    first_started_at SimpleAggregateFunction(min, DateTime64(6, 'UTC')) CODEC(ZSTD(1)),
    last_started_at SimpleAggregateFunction(max, DateTime64(6, 'UTC')) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
ORDER BY (project_id, trace_id);

CREATE MATERIALIZED VIEW IF NOT EXISTS trace_index_from_spans TO trace_index AS
SELECT project_id, trace_id, min(started_at) AS first_started_at, max(started_at) AS last_started_at
FROM spans
GROUP BY project_id, trace_id;
