import { message, unreadMessage, type Message } from "./message.ts";

/** Neighbours of this role as one turn: what one speaker said in a row. */
export function joinTurns(messages: readonly Message[], role: string): Message[] {
  const turns: Message[] = [];
  for (const next of messages) {
    const last = turns.at(-1);
    if (last?.role === role && next.role === role) turns.splice(-1, 1, oneTurn(role, [last, next]));
    else turns.push(next);
  }
  return turns;
}

/** The elements of an answer as the one turn that it is; what a tool gave back among them is shown as it is. */
export function answerTurn(elements: readonly unknown[], read: (element: unknown) => Message): Message {
  const turns = elements.map((element) => {
    const turn = read(element);
    return turn.role === "tool" ? unreadMessage(element) : turn;
  });
  return oneTurn("assistant", turns);
}

function oneTurn(role: string, messages: readonly Message[]): Message {
  return message(role, { parts: messages.flatMap(({ parts }) => parts), toolCalls: messages.flatMap(({ toolCalls }) => toolCalls) });
}
