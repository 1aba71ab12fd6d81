-- repeatable
-- Objects arrive twice a second. Merging a few of their parts at a time would write each row many times over, which
-- costs more than the inserts themselves.
ALTER TABLE spans MODIFY SETTING min_parts_to_merge_at_once = 10;
ALTER TABLE trace_index MODIFY SETTING min_parts_to_merge_at_once = 10;
