-- repeatable
-- Words of a span, as `core/analytics/search.ts` asks for them, letter for letter. Inserts leave it out (their settings
-- say so), merges make it; parts without it are read whole.
ALTER TABLE spans ADD INDEX IF NOT EXISTS spans_search
    lowerUTF8(replaceAll(concat(input_text, '\n', output_text, '\n', error_message, '\n',
        if(input_kind = 'reference', input_preview, ''), '\n', if(output_kind = 'reference', output_preview, '')), '\\n', ' '))
    TYPE text(tokenizer = 'splitByNonAlpha');

-- One session or user is asked for without knowing when.
ALTER TABLE spans ADD INDEX IF NOT EXISTS spans_session_id session_id TYPE bloom_filter(0.01) GRANULARITY 1;
ALTER TABLE spans ADD INDEX IF NOT EXISTS spans_user_id user_id TYPE bloom_filter(0.01) GRANULARITY 1;
ALTER TABLE spans MATERIALIZE INDEX spans_session_id SETTINGS mutations_sync = 2;
ALTER TABLE spans MATERIALIZE INDEX spans_user_id SETTINGS mutations_sync = 2;
