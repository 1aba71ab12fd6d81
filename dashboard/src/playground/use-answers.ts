import { useEffect, useRef, useState } from "react";
import type { KeyId } from "#core/contracts/id.ts";
import type { Session } from "../session.ts";
import { sendCall, waitingAnswer, type Answer } from "./send-call.ts";

/** The answers to what was sent last, one a model. Leaving the page stops them. */
export function useAnswers(session: Session) {
  const [answers, setAnswers] = useState<readonly Answer[]>([]);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const send = async (keyId: KeyId, bodies: readonly Readonly<Record<string, unknown>>[]): Promise<void> => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    // Chunks may come faster than the screen shows them: it is told once a frame.
    const newest: Answer[] = bodies.map(() => waitingAnswer);
    let frame = 0;
    const show = () => {
      frame = 0;
      if (running.current === controller) setAnswers([...newest]);
    };
    show();
    const sendOne = async (body: Readonly<Record<string, unknown>>, at: number): Promise<void> => {
      const onChange = (answer: Answer) => {
        newest[at] = answer;
        if (frame === 0) frame = window.requestAnimationFrame(show);
      };
      await sendCall(session, { keyId, body }, { signal: controller.signal, onChange });
    };
    await Promise.all(bodies.map(sendOne));
    window.cancelAnimationFrame(frame);
    show();
  };
  return {
    answers,
    isRunning: answers.some(({ state }) => state === "waiting" || state === "streaming"),
    send,
    stop: () => running.current?.abort(),
    clear: () => setAnswers([]),
  };
}
