-- repeatable
-- Starts are never moved any more: ingestion refuses those that are too far off.
ALTER TABLE spans DROP COLUMN IF EXISTS start_clamped;
