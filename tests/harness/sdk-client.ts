import * as z from "zod";
import { forecast } from "./scripted-model.ts";

/** How a client is set up: as its users do. */
export interface Connection {
  /** The gateway's address, without a path. */
  readonly url: string;
  readonly apiKey: string;
  readonly maxRetries?: number;
  readonly timeoutMs?: number;
}

/** What is called, and how. */
export interface Asking {
  readonly model: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly text?: string;
  /** More of the request, in its own shape. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** What a client tells its user of an answer. */
export interface Told {
  readonly text: string;
  readonly model: string;
  readonly stop: string | null;
  readonly usage: unknown;
}

type ErrorClass = abstract new (...args: never[]) => Error;

/** The classes that a client throws; each official client has them all, under the same names. */
export interface ErrorClasses {
  readonly APIError: ErrorClass;
  readonly APIConnectionTimeoutError: ErrorClass;
  readonly APIUserAbortError: ErrorClass;
  readonly AuthenticationError: ErrorClass;
  readonly BadRequestError: ErrorClass;
  readonly InternalServerError: ErrorClass;
  readonly NotFoundError: ErrorClass;
  readonly RateLimitError: ErrorClass;
}

/** One API of an official client, in all the ways in which its users call it. */
export interface SdkClient {
  readonly api: "chat" | "messages" | "responses";
  readonly errors: ErrorClasses;
  /** `create`. */
  readonly plain: (asking: Asking) => Promise<Told>;
  /** `create` with `stream`, put together from its events by hand. */
  readonly events: (asking: Asking) => Promise<Told>;
  /** `stream`, put together by the client. */
  readonly gathered: (asking: Asking) => Promise<Told>;
  /** `get_weather` is called until the model has its text. */
  readonly tools: (asking: Asking) => Promise<string>;
  readonly streamedTools: (asking: Asking) => Promise<string>;
  /** `parse`, with a schema. */
  readonly parsed: (asking: Asking) => Promise<unknown>;
}

/** What the tests' tool takes and tells. */
export const weather = {
  name: "get_weather",
  description: "Tells the weather of a city.",
  schema: z.object({ city: z.string() }),
  tell: ({ city }: { readonly city: string }): string => `${forecast.degrees} degrees in ${city}`,
} as const;

/** What structured answers are asked for. */
export const forecastSchema = z.object({ city: z.string(), degrees: z.number() });
