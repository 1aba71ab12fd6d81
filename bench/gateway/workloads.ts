/** How the upstream answers, and with that what a call is. */
export const workloads = {
  plain: { stream: false, pacedMs: 0, title: "plain" },
  stream: { stream: true, pacedMs: 0, title: "streaming, unpaced" },
  paced: { stream: true, pacedMs: 20, title: "streaming, paced" },
} as const satisfies Record<string, { stream: boolean; pacedMs: number; title: string }>;

export type Workload = keyof typeof workloads;
export const workloadNames = ["plain", "stream", "paced"] as const satisfies readonly Workload[];

/** Content events of a stream; after them come (where asked for) a usage event, and `[DONE]`. */
export const streamEvents = 40;

/** How long a paced stream takes. */
export const pacedStreamMs = streamEvents * workloads.paced.pacedMs;

/** The upstream knows a paced call by its `user` field, which every gateway passes on. */
export const pacedUser = "paced";

/** Each paced event carries the monotonic microseconds at which it was sent, in its content. */
export const sentAtPattern = /t=(\d{15});/;
export const sentAtText = (atMicroseconds: number): string => `t=${String(atMicroseconds).padStart(15, "0")};`;

const question = "Summarise the following support ticket in two sentences and name the product it is about. ".repeat(6);

/** The body of a call, as an application would send it: about 700 bytes. */
export function requestBody(workload: Workload, model: string): string {
  return JSON.stringify({
    model,
    messages: [
      { role: "system", content: "You are a concise assistant of a support team." },
      { role: "user", content: question },
    ],
    temperature: 0.2,
    ...(workloads[workload].stream ? { stream: true } : {}),
    ...(workload === "paced" ? { user: pacedUser } : {}),
  });
}
