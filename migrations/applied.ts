/** Names of the files that were applied now, as `<store>/<file>`; or what went wrong, for a person to read. */
export type Applied =
  | { readonly kind: "applied"; readonly applied: readonly string[] }
  | { readonly kind: "failed"; readonly message: string };
