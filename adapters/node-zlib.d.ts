// The part of Node's zlib that is used, which Workers have too: Node's own types would bring globals that Workers lack.
declare module "node:zlib" {
  export function gzipSync(bytes: Uint8Array, options: { readonly level: number }): Uint8Array<ArrayBuffer>;
  export function gunzipSync(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Uint8Array<ArrayBuffer>;
}
