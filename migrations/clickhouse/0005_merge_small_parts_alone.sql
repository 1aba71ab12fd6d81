-- repeatable
-- The heuristic takes the smallest parts out of a merge after it was chosen, so that what is left may be one large part
-- and one or two small ones: every few inserts would write all rows of a small table anew.
ALTER TABLE spans MODIFY SETTING
    min_parts_to_merge_at_once = 30, merge_selector_enable_heuristic_to_remove_small_parts_at_right = 0;
ALTER TABLE trace_index MODIFY SETTING
    min_parts_to_merge_at_once = 30, merge_selector_enable_heuristic_to_remove_small_parts_at_right = 0;
