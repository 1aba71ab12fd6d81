-- repeatable
-- The words that a span adds, as `core/analytics/search.ts` asks for them, letter for letter: of a history only what comes
-- after the last answer in it, since all before is in the spans of the earlier turns; no vectors. Takes two fifths of
-- the bytes of the index before it (docs/benchmarks.md, Storage). Merges make it anew.
ALTER TABLE spans DROP INDEX IF EXISTS spans_search;
ALTER TABLE spans ADD INDEX IF NOT EXISTS spans_search
    lowerUTF8(replaceAll(concat(arrayElement(splitByRegexp('"role": ?"assistant"', input_text), -1), '\n',
        if(kind = 'embedding', '', output_text), '\n', error_message, '\n',
        if(input_kind = 'reference', input_preview, ''), '\n', if(output_kind = 'reference', output_preview, '')), '\\n', ' '))
    TYPE text(tokenizer = 'splitByNonAlpha', dictionary_block_size = 4096, posting_list_codec = 'bitpacking');
