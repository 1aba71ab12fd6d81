-- repeatable
-- Each turn of a conversation holds all turns before it. They compress to almost nothing where the compressor still sees
-- the earlier one, and between two turns lies what other people say meanwhile: hence a window of 16 MB and blocks as
-- large. An insert costs 5 % more CPU for it, a merge half as much again (docs/benchmarks.md, Storage).
ALTER TABLE spans
    MODIFY COLUMN input_text String CODEC(ZSTD(3, 24)) SETTINGS (min_compress_block_size = 16777216, max_compress_block_size = 16777216),
    MODIFY COLUMN output_text String CODEC(ZSTD(3, 24)) SETTINGS (min_compress_block_size = 16777216, max_compress_block_size = 16777216);
