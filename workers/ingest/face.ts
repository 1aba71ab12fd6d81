import type { RecorderEnv } from "#adapters/recorder/send-batch.ts";
import type { Failure } from "#core/contracts/error.ts";
import type { Sender } from "./sender.ts";

/** One protocol by which records come in. */
export interface Face {
  /** Reads a request and brings what is right of it to the buffer: answers success only when that is durable. */
  readonly take: (request: Request, env: RecorderEnv, sender: Sender) => Promise<Response | Failure>;
  /** A failure as this protocol's clients read it. */
  readonly refuse: (request: Request, fault: Failure) => Response;
}
