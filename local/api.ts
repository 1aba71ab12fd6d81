import { createClient, type ApiAnswer, type ApiRequest } from "#core/contracts/api/client.ts";

/** The control API at `appUrl`, asked with the admin key. */
export function controlApi(appUrl: string, adminKey: string): ReturnType<typeof createClient> {
  return createClient({
    send: async ({ method, address, headers, body }: ApiRequest): Promise<ApiAnswer> => {
      const response = await fetch(appUrl + address, { method, headers: { ...headers, authorization: `Bearer ${adminKey}` }, body });
      return { status: response.status, body: await response.json().catch(() => null) };
    },
  });
}
