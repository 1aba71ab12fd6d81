/** One request to a provider. */
export interface UpstreamRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

export type UpstreamReply =
  | { readonly kind: "response"; readonly response: Response }
  | { readonly kind: "unreachable"; readonly reason: string };

/** The only way to a provider. Redirects are not followed: they would carry the credential elsewhere. */
export async function sendUpstream({ url, headers, body }: UpstreamRequest): Promise<UpstreamReply> {
  try {
    return { kind: "response", response: await fetch(url, { method: "POST", headers, body, redirect: "manual" }) };
  } catch (error) {
    return { kind: "unreachable", reason: error instanceof Error ? error.message : String(error) };
  }
}
