/**
 * DDSketch (Masson, Rim, Lee: "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees",
 * VLDB 2019): bins whose borders grow by a factor, and how many values lie in each. Sketches are merged by adding the
 * counts, exactly and in any order; a quantile is within 1 % of a true one. The bins are a plain map: ClickHouse's own
 * `quantilesDD` gives the same, and merges forty times slower.
 */
const accuracy = 0.01;
const growth = (1 + accuracy) / (1 - accuracy);
/** The bin of what is 0 or less, below all others. */
const zeroBin = -2_147_483_648;

/** SQL for the bin of a number. */
export function binOf(value: string): string {
  return `if(${value} > 0, toInt32(ceil(log(${value}) / ${Math.log(growth)})), toInt32(${zeroBin}))`;
}

/** SQL for a quantile of a sketch (a map from bins to counts); `NULL` for one without values. */
export function quantileOf(sketch: string, quantile: number): string {
  const counts = `mapValues(${sketch})`;
  const place = `arrayFirstIndex(before -> before > ${quantile} * (arraySum(${counts}) - 1), arrayCumSum(${counts}))`;
  const middle = `if(bin = ${zeroBin}, 0, 2 * pow(${growth}, bin) / ${growth + 1})`;
  return `if(empty(${sketch}), NULL, arrayMap(bin -> ${middle}, [mapKeys(${sketch})[${place}]])[1])`;
}
