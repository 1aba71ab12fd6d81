const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

/** By its start all spans of a load are told from those of others: the load's number, from 1. */
export function tracePrefix(load: number): string {
  return hex(load, 4);
}

/** The ids of a span: five spans that stand together are one trace. They tell the load, the batch and the place in it. */
export function idsOf(load: number, batch: number, index: number): { readonly traceId: string; readonly spanId: string } {
  // What follows is spread as random ids are.
  const spread = hex(Math.imul(batch * 128 + index + 1, 0x9e3779b1) >>> 0, 8);
  return {
    traceId: `${tracePrefix(load)}${hex(batch, 8)}${hex(Math.floor(index / 5), 4)}c0ffee0123456789`,
    spanId: `${spread}${hex(batch & 0xffffff, 6)}${hex(index, 2)}`,
  };
}
