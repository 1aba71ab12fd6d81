import type { ClickHouseSettings } from "@clickhouse/client-web";

/**
 * For reads whose columns may be named like what they are made of. A span's month is part of its key, so equal keys
 * never lie in two partitions. With `FINAL`, only conditions on the key are looked at before all columns are read; all
 * versions of a span share it.
 */
export const readSettings: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 0,
  do_not_merge_across_partitions_select_final: 1,
  optimize_move_to_prewhere_if_final: 1,
  prefer_column_name_to_alias: 1,
};
