import { workerTarget } from "./worker.ts";

/** The floor: what any Worker that calls an upstream pays. The bytes of the answer never enter JavaScript. */
export const bare = workerTarget(`
export default {
  fetch(request, env) {
    return fetch(env.UPSTREAM + new URL(request.url).pathname, request);
  },
};
`);
