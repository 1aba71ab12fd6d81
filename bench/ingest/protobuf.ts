/** What a field holds: bytes or text behind their length, eight bytes, or a small whole number. */
export type Field = { readonly bytes: Buffer | string } | { readonly fixed64: bigint } | { readonly varint: number };

/** A protobuf message of these fields by number, in order. */
export function message(...fields: readonly (readonly [number: number, field: Field])[]): Buffer {
  return Buffer.concat(fields.flatMap(([number, field]) => encoded(number, field)));
}

function encoded(number: number, field: Field): Buffer[] {
  if ("bytes" in field) {
    const bytes = Buffer.from(field.bytes);
    return [varint(number * 8 + 2), varint(bytes.length), bytes];
  }
  if ("varint" in field) return [varint(number * 8), varint(field.varint)];
  const eight = Buffer.alloc(8);
  eight.writeBigUInt64LE(field.fixed64);
  return [varint(number * 8 + 1), eight];
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest < 128 ? rest : (rest % 128) + 128);
    if (rest < 128) return Buffer.from(bytes);
  }
}
