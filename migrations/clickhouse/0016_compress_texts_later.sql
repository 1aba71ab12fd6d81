-- repeatable
-- Texts are compressed quickly at first, and as well as can be once they are an hour old: a row is merged in its first hour, and
-- level 6 was a third of what inserts and merges cost. Parts of up to 256 MB are one file each, where there were two hundred. With
-- a base of 40 a merge takes thirty small parts alone, and not also the one that an earlier merge made of thirty.
ALTER TABLE spans
    MODIFY COLUMN input_text String CODEC(Default) SETTINGS (min_compress_block_size = 16777216, max_compress_block_size = 16777216),
    MODIFY COLUMN output_text String CODEC(Default) SETTINGS (min_compress_block_size = 16777216, max_compress_block_size = 16777216);
ALTER TABLE spans MODIFY TTL toDateTime(received_at) + INTERVAL 1 HOUR RECOMPRESS CODEC(ZSTD(6, 24));
ALTER TABLE spans MODIFY SETTING
    merge_with_recompression_ttl_timeout = 1, min_bytes_for_wide_part = 268435456, merge_selector_base = 40;
ALTER TABLE trace_index MODIFY SETTING merge_selector_base = 40;
