import { workerTarget } from "./worker.ts";

/** The floor of whoever must see a stream: each chunk is read and written in JavaScript, and nothing else is done. */
export const pump = workerTarget(`
async function copy(from, to) {
  const reader = from.getReader();
  const writer = to.getWriter();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    await writer.write(value);
  }
  await writer.close();
}

export default {
  async fetch(request, env, context) {
    const answer = await fetch(env.UPSTREAM + new URL(request.url).pathname, request);
    const { readable, writable } = new IdentityTransformStream();
    context.waitUntil(copy(answer.body, writable));
    return new Response(readable, answer);
  },
};
`);
