import type { Bank, Random } from "./random.ts";

/** How a call fails: as the gateway records it. */
export interface Fault {
  readonly weight: number;
  readonly code: string;
  readonly message: string;
  readonly httpStatus: number;
  readonly upstreamStatus: number | null;
  /** What the provider said, as JSON; `null`: nothing came. */
  readonly body: Readonly<Record<string, unknown>> | null;
  /** How long it took, in the middle of all. */
  readonly medianMs: number;
}

const upstream = (weight: number, upstreamStatus: number, type: string, message: string, medianMs: number): Fault => ({
  weight,
  code: "upstream_error",
  message: "The provider answered with an error.",
  httpStatus: upstreamStatus,
  upstreamStatus,
  body: { error: { message, type, param: null, code: type } },
  medianMs,
});

/** On any day. */
const usualFaults: Bank<Fault> = [
  upstream(5, 429, "rate_limit_exceeded", "Rate limit reached for requests per minute in this organization. Please try again in 1.2s.", 90),
  upstream(
    2,
    400,
    "context_length_exceeded",
    "This model's maximum context length was exceeded. Please reduce the length of the messages.",
    160,
  ),
  upstream(1, 500, "server_error", "The server had an error while processing your request. Sorry about that!", 2_400),
  {
    weight: 2,
    code: "upstream_timeout",
    message: "The provider did not answer in time.",
    httpStatus: 504,
    upstreamStatus: null,
    body: null,
    medianMs: 60_000,
  },
];

/** While a provider is down. */
const outageFaults: Bank<Fault> = [
  upstream(7, 529, "overloaded_error", "Overloaded", 340),
  upstream(2, 503, "api_error", "Internal server error", 5_200),
  {
    weight: 3,
    code: "upstream_unreachable",
    message: "The provider cannot be reached.",
    httpStatus: 502,
    upstreamStatus: null,
    body: null,
    medianMs: 10_000,
  },
];

const usualRate = 0.011;
const outageRate = 0.68;

/** Whether and how the next call fails. */
export function drawFault(random: Random, isOutage: boolean): Fault | null {
  if (!random.chance(isOutage ? outageRate : usualRate)) return null;
  return random.pickWeighted(isOutage ? outageFaults : usualFaults);
}
