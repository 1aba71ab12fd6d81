-- repeatable
-- Level 6 makes the texts of conversations smaller by 4 % for nearly half as much CPU of a merge again; previews repeat each
-- other within a megabyte (docs/benchmarks.md, Storage).
ALTER TABLE spans
    MODIFY COLUMN input_text String CODEC(ZSTD(6, 24)) SETTINGS (min_compress_block_size = 16777216, max_compress_block_size = 16777216),
    MODIFY COLUMN output_text String CODEC(ZSTD(6, 24)) SETTINGS (min_compress_block_size = 16777216, max_compress_block_size = 16777216),
    MODIFY COLUMN input_preview String CODEC(ZSTD(3)) SETTINGS (min_compress_block_size = 1048576, max_compress_block_size = 1048576),
    MODIFY COLUMN output_preview String CODEC(ZSTD(3)) SETTINGS (min_compress_block_size = 1048576, max_compress_block_size = 1048576);
