import { decodeText, encodeText } from "../../text.ts";

/**
 * A cursor over protobuf's wire format (protobuf.dev, "Encoding"). It never reads past `end`, which is that of the message
 * it is in. Where the bytes are none of that format it is broken, at its end, and whatever it gave counts for nothing:
 * so loops over it end, and who called looks once.
 */
export interface WireReader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  offset: number;
  end: number;
  isBroken: boolean;
}

export function wireReader(bytes: Uint8Array): WireReader {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0, end: bytes.length, isBroken: false };
}

/** How a field's value is written; a tag holds it in its lowest three bits. */
export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

function breakOff(reader: WireReader): number {
  reader.isBroken = true;
  reader.offset = reader.end;
  return 0;
}

/** The next field's tag (its number and its wire type); 0 at the end of the message. */
export function nextTag(reader: WireReader): number {
  if (reader.offset >= reader.end) return 0;
  const tag = readVarint(reader);
  return tag >>> 3 === 0 ? breakOff(reader) : tag;
}

/** A varint of at most 32 bits, unsigned; what is beyond them is passed over. */
export function readVarint(reader: WireReader): number {
  let value = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    if (reader.offset >= reader.end) return breakOff(reader);
    const byte = reader.bytes[reader.offset] ?? 0;
    reader.offset += 1;
    if (shift < 32) value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value >>> 0;
  }
  return breakOff(reader);
}

/** A varint of 64 bits, signed. */
export function readInteger(reader: WireReader): bigint | number {
  const start = reader.offset;
  const low = readVarint(reader);
  // Up to four bytes hold 28 bits, so that nothing was passed over.
  if (reader.offset - start <= 4) return low;
  let value = 0n;
  for (let index = start, shift = 0n; index < reader.offset; index += 1, shift += 7n) {
    value |= BigInt((reader.bytes[index] ?? 0) & 0x7f) << shift;
  }
  return BigInt.asIntN(64, value);
}

export function readFixed64(reader: WireReader): bigint {
  const start = advance(reader, 8);
  return start === -1 ? 0n : reader.view.getBigUint64(start, true);
}

export function readDouble(reader: WireReader): number {
  const start = advance(reader, 8);
  return start === -1 ? 0 : reader.view.getFloat64(start, true);
}

export function readBytes(reader: WireReader): Uint8Array {
  const length = readVarint(reader);
  const start = advance(reader, length);
  return start === -1 ? reader.bytes.subarray(0, 0) : reader.bytes.subarray(start, start + length);
}

/** Text; bytes that are no UTF-8 become U+FFFD. */
export function readText(reader: WireReader): string {
  const length = readVarint(reader);
  const start = advance(reader, length);
  return start === -1 ? "" : decodeText(reader.bytes, start, start + length);
}

/** Goes into a message; gives what `leave` needs to come out again. */
export function enter(reader: WireReader): number {
  const length = readVarint(reader);
  const outerEnd = reader.end;
  if (length > outerEnd - reader.offset) breakOff(reader);
  else reader.end = reader.offset + length;
  return outerEnd;
}

/** Goes on behind a message that was read to its end. */
export function leave(reader: WireReader, outerEnd: number): void {
  reader.offset = reader.isBroken ? outerEnd : reader.end;
  reader.end = outerEnd;
}

/** Passes over the value of a field that is not known. */
export function skip(reader: WireReader, tag: number): void {
  switch (tag & 7) {
    case wireTypes.varint:
      readVarint(reader);
      break;
    case wireTypes.fixed64:
      advance(reader, 8);
      break;
    case wireTypes.bytes:
      advance(reader, readVarint(reader));
      break;
    case wireTypes.fixed32:
      advance(reader, 4);
      break;
    default:
      // Groups, which the protocol never had.
      breakOff(reader);
  }
}

/** Where the next bytes begin, which are passed; -1: there are not so many. */
function advance(reader: WireReader, length: number): number {
  const start = reader.offset;
  if (length > reader.end - start || reader.isBroken) {
    breakOff(reader);
    return -1;
  }
  reader.offset = start + length;
  return start;
}

/** A field that holds an integer from 0 to 2^31 - 1. */
export function varintField(field: number, value: number): number[] {
  return [...varint(field * 8 + wireTypes.varint), ...varint(value)];
}

/** A field that holds a message or a text. */
export function bytesField(field: number, value: readonly number[] | string): number[] {
  const bytes = typeof value === "string" ? encodeText(value) : value;
  return [...varint(field * 8 + wireTypes.bytes), ...varint(bytes.length), ...bytes];
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
