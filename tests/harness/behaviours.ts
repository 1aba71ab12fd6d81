import { begin, json, type Behaviour } from "./provider.ts";
import { wires, type Api } from "./fault-wire.ts";

/** What a provider does in each of its APIs. */
export function byApi(behaviours: Readonly<Partial<Record<Api, Behaviour>>>): Behaviour {
  return async (response, request) => {
    for (const api of ["chat", "messages", "responses"] as const) {
      if (wires[api].path === request.path) await behaviours[api]?.(response, request);
    }
  };
}

/** One behaviour after the other; the last one stays. */
export function inTurn(first: Behaviour, ...rest: readonly Behaviour[]): Behaviour {
  let next = first;
  const left = [...rest];
  return async (response, request) => {
    const now = next;
    next = left.shift() ?? next;
    await now(response, request);
  };
}

/** A whole answer, plain or as a stream, as the request asks. */
export function answering(api: Api): Behaviour {
  return async (response, request) => {
    if (!request.body.includes('"stream":true')) {
      await json(200, wires[api].answer)(response, request);
      return;
    }
    begin(response, []);
    response.end(wires[api].opening + wires[api].rest);
  };
}

/** A stream whose first event is an error. */
export function failingStream(api: Api): Behaviour {
  return (response) => {
    begin(response, []);
    response.end(wires[api].errorEvent);
  };
}

/** Refuses with a status. */
export function refusing(api: Api, status: number, headers: Readonly<Record<string, string>> = {}): Behaviour {
  return json(status, wires[api].errorBody(`refused with ${status}`), headers);
}
