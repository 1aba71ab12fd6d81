-- repeatable
-- Parts that no thirty others join stay small, and lie over each other in time, since spans come late: `FINAL` then merges rows at
-- each reading. What has been there for an hour is merged whatever its size. Up to 8 GB, so that hardly more than that is
-- written anew in an hour, and a month of 10,000 spans a second stays below the parts at which inserts are slowed down.
ALTER TABLE spans MODIFY SETTING min_age_to_force_merge_seconds = 3600, max_bytes_to_merge_at_max_space_in_pool = 8589934592;
