const encoder = new TextEncoder();
/** A length takes at most so many bytes: texts are shorter than 2 GB. */
const lengthBytesMax = 5;
/** Shorter texts are nearly always ASCII, and written faster by hand. */
const byHandCharactersMax = 127;

/** Bytes that grow as values are written, each as ClickHouse's binary formats have them. */
export class BlockWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView<ArrayBuffer>;
  #end = 0;
  /** UUIDs repeat, since a block is often of one project. */
  readonly #uuids = new Map<string, Uint8Array>();

  /** `bytes`: about how many there will be. */
  constructor(bytes: number) {
    this.#bytes = new Uint8Array(bytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** What was written so far. The writer must not be used after it. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#end);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#end] = value;
    this.#end += 1;
  }

  uint16(value: number): void {
    this.#reserve(2);
    this.#view.setUint16(this.#end, value, true);
    this.#end += 2;
  }

  /** A whole number that a double holds exactly, as Int64 or UInt64. */
  int64(value: number): void {
    this.#reserve(8);
    this.#view.setUint32(this.#end, value, true);
    this.#view.setInt32(this.#end + 4, value >= 0 && value < 2 ** 32 ? 0 : Math.floor(value / 2 ** 32), true);
    this.#end += 8;
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#end, value, true);
    this.#end += 8;
  }

  /** The canonical text of a UUID, as its two halves. */
  uuid(value: string): void {
    this.#reserve(16);
    const known = this.#uuids.get(value);
    if (known !== undefined) this.#bytes.set(known, this.#end);
    else {
      const digits = value.replaceAll("-", "");
      for (const [index, at] of [8, 0, 24, 16].entries()) {
        this.#view.setUint32(this.#end + index * 4, Number.parseInt(digits.slice(at, at + 8), 16), true);
      }
      this.#uuids.set(value, this.#bytes.slice(this.#end, this.#end + 16));
    }
    this.#end += 16;
  }

  /** UTF-8 behind its length; half a surrogate pair becomes U+FFFD. */
  text(value: string): void {
    const { length } = value;
    this.#reserve(length * 3 + lengthBytesMax);
    if (length <= byHandCharactersMax && this.#ascii(value)) return;
    const written = encoder.encodeInto(value, this.#bytes.subarray(this.#end + lengthBytesMax)).written;
    const start = this.#end + lengthBytesMax;
    this.length(written);
    this.#bytes.copyWithin(this.#end, start, start + written);
    this.#end += written;
  }

  /** How many follow: LEB128. */
  length(value: number): void {
    this.#reserve(lengthBytesMax);
    for (let rest = value; ; rest >>>= 7) {
      this.#bytes[this.#end] = rest < 128 ? rest : (rest & 127) | 128;
      this.#end += 1;
      if (rest < 128) return;
    }
  }

  #ascii(value: string): boolean {
    const bytes = this.#bytes;
    const start = this.#end + 1;
    for (let index = 0; index < value.length; index += 1) {
      const unit = value.charCodeAt(index);
      if (unit > 127) return false;
      bytes[start + index] = unit;
    }
    bytes[this.#end] = value.length;
    this.#end = start + value.length;
    return true;
  }

  #reserve(bytes: number): void {
    const needed = this.#end + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
