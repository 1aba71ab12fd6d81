/** What a holder (a region, or a shard of one) may use of a limit: units a period, and units at once. */
export interface Share {
  readonly limit: number;
  readonly burst: number;
}

/** The root's row for one holder of a rate limit. */
export interface ShareRow {
  readonly holder: string;
  /** Told last; a holder takes only a newer version than its own. */
  readonly version: number;
  readonly told: Share;
  /** The most that the holder may be using: what it was told before counts until it confirms what it was told last. */
  readonly counted: Share;
  /** How much burst it was ever given that nobody had had before; it never falls. */
  readonly fresh: number;
  /** How much burst it ever let go of that it had not used; it never falls. So much is as good as new to others. */
  readonly donated: number;
}

/** A rate limit divided among its holders. */
export interface Shares {
  readonly total: Share;
  readonly rows: readonly ShareRow[];
}

/**
 * Max-min fair division of a whole number: who wants no more than an equal part gets it, what they leave is divided among
 * the others in the same way. Units that do not divide go to the first; nobody gets more than it wants.
 */
export function fairShares(capacity: number, wants: readonly number[]): readonly number[] {
  const shares = wants.map(() => 0);
  const rising = wants
    .map((want, index) => ({ want, index }))
    .toSorted((left, right) => left.want - right.want || right.index - left.index);
  let left = capacity;
  for (const [place, { want, index }] of rising.entries()) {
    const share = Math.min(want, Math.floor(left / (rising.length - place)));
    shares[index] = share;
    left -= share;
  }
  return shares;
}

/** What is free to be given: nothing counts as free before its last holder has confirmed that it lets go. */
export function unsharedOf({ total, rows }: Shares): Share {
  return rows.reduce((left, { counted }) => ({ limit: left.limit - counted.limit, burst: left.burst - counted.burst }), total);
}

/** How many units are free that nobody has had, or that were let go of unused. */
export function freshOf({ total, rows }: Shares): number {
  return Math.max(0, total.burst + rows.reduce((sum, { donated, fresh }) => sum + donated - fresh, 0));
}

/**
 * Tells one holder its share: less at once, more only out of what is free (decrease before increase). Where it is already
 * told so, nothing changes.
 */
export function share(shares: Shares, holder: string, wanted: Share): Shares {
  const row = shares.rows.find((each) => each.holder === holder) ?? { holder, version: 0, told: none, counted: none, fresh: 0, donated: 0 };
  const free = unsharedOf(shares);
  const told = {
    limit: Math.min(wanted.limit, row.counted.limit + Math.max(0, free.limit)),
    burst: Math.min(wanted.burst, row.counted.burst + Math.max(0, free.burst)),
  };
  if (told.limit === row.told.limit && told.burst === row.told.burst) return shares;
  const fresh = row.fresh + Math.max(0, Math.min(told.burst - row.told.burst, freshOf(shares)));
  const next = { ...row, version: row.version + 1, told, counted: larger(row.counted, told), fresh };
  return { ...shares, rows: [...shares.rows.filter((each) => each.holder !== holder), next] };
}

/** A holder confirms that it uses no more than what it was told as `version`, and says how much it ever let go of unused. */
export function confirm(shares: Shares, holder: string, version: number, donated: number): Shares {
  return {
    ...shares,
    rows: shares.rows.map((row) => {
      if (row.holder !== holder) return row;
      const heard = donated > row.donated ? { ...row, donated } : row;
      return row.version === version ? { ...heard, counted: row.told } : heard;
    }),
  };
}

/** Changes the limit; what is out beyond a lowered one has to be told to be less, holder by holder. */
export function setTotal(shares: Shares, total: Share): Shares {
  return { ...shares, total };
}

const none: Share = { limit: 0, burst: 0 };

function larger(left: Share, right: Share): Share {
  return { limit: Math.max(left.limit, right.limit), burst: Math.max(left.burst, right.burst) };
}
