import { WorkerEntrypoint } from "cloudflare:workers";
import { log } from "#adapters/log.ts";
import { failure } from "#core/contracts/error.ts";
import type { GatewayEnvironment } from "./environment.ts";
import { identifyTrusted } from "./identify.ts";
import { handleCall } from "./pipeline.ts";
import { failureResponse } from "./responses.ts";

/**
 * Chat completions of a key that is named and not shown: for the app, which has seen who asks, and stores no key's text.
 * No address leads here, only a service binding that names this class. All else is as at the edge.
 */
export class TrustedCalls extends WorkerEntrypoint<GatewayEnvironment> {
  override async fetch(request: Request): Promise<Response> {
    try {
      return await handleCall("chat", request, this.env, this.ctx, identifyTrusted);
    } catch (error) {
      log("request_failed", { error });
      return failureResponse(failure("internal"), "chat");
    }
  }
}
