import { longestCallMs } from "#core/limits/lent-pockets.ts";
import type { ReserveReply } from "#core/limits/limiter-rpc.ts";

/** Attempts under way or held, so that one that is sent again is held once. */
export class HeldAttempts {
  readonly #attempts = new Map<string, { readonly reply: Promise<ReserveReply>; readonly atMs: number }>();

  /** What an attempt was told, or what `reserve` says now; what is not held is asked anew. */
  async once(attemptId: string, reserve: () => Promise<ReserveReply>): Promise<ReserveReply> {
    const known = this.#attempts.get(attemptId);
    if (known !== undefined) return await known.reply;
    const reply = reserve();
    this.#attempts.set(attemptId, { reply, atMs: Date.now() });
    try {
      const told = await reply;
      if (told.kind !== "held") this.#attempts.delete(attemptId);
      return told;
    } catch (error) {
      this.#attempts.delete(attemptId);
      throw error;
    }
  }

  /** What it was told; `null`: nothing, or it went wrong. */
  async toldTo(attemptId: string): Promise<ReserveReply | null> {
    return (await this.#attempts.get(attemptId)?.reply.catch(() => null)) ?? null;
  }

  /** It is over; whether it was held, as far as is remembered. */
  end(attemptId: string): boolean {
    return this.#attempts.delete(attemptId);
  }

  /** Forgets what nobody will settle any more. */
  tidy(nowMs: number): void {
    for (const [attemptId, { atMs }] of this.#attempts) if (nowMs - atMs > longestCallMs) this.#attempts.delete(attemptId);
  }
}
