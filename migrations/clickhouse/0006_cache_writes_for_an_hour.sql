-- repeatable
-- Spans of an earlier day counted no such tokens: 0 where they had usage or a cost at all.
ALTER TABLE spans
    ADD COLUMN IF NOT EXISTS cache_write_hour_tokens Nullable(Int64)
        DEFAULT if(isNull(cache_write_tokens), NULL, 0) CODEC(ZSTD(1)) AFTER cache_write_tokens,
    ADD COLUMN IF NOT EXISTS cost_cache_write_hour_nano_usd Nullable(Int64)
        DEFAULT if(isNull(cost_cache_write_nano_usd), NULL, 0) CODEC(ZSTD(1)) AFTER cost_cache_write_nano_usd;
