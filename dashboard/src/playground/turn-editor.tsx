import { CloseIcon } from "../ui/icons.tsx";
import { turnKinds, type Turn } from "./draft.ts";

const kindNames = { system: "System", user: "User", assistant: "Assistant", message: "Message as JSON" } as const satisfies Readonly<
  Record<Turn["kind"], string>
>;

interface TurnEditorProps {
  readonly turn: Turn;
  /** Its place, counted from one. */
  readonly place: number;
  readonly onChange: (turn: Turn) => void;
  readonly onRemove: () => void;
}

/** One turn of the conversation that is sent. */
export function TurnEditor({ turn, place, onChange, onRemove }: TurnEditorProps) {
  const name = `Turn ${place}`;
  return (
    <li className={`turn turn-${turn.kind}`}>
      <div className="turn-head">
        <select
          aria-label={`${name}: who speaks`}
          value={turn.kind}
          onChange={(event) => {
            const kind = turnKinds.find((each) => each === event.target.value);
            if (kind !== undefined) onChange({ ...turn, kind });
          }}
        >
          {turnKinds.map((kind) => (
            <option key={kind} value={kind}>
              {kindNames[kind]}
            </option>
          ))}
        </select>
        <button type="button" className="icon-button" aria-label={`Remove turn ${place}`} onClick={onRemove}>
          <CloseIcon />
        </button>
      </div>
      <textarea
        aria-label={`${name}: ${kindNames[turn.kind]}`}
        className={turn.kind === "message" ? "mono" : undefined}
        spellCheck={turn.kind !== "message"}
        placeholder={turn.kind === "system" ? "How the model should behave (optional)" : "What is said"}
        rows={2}
        value={turn.text}
        onChange={(event) => onChange({ ...turn, text: event.target.value })}
      />
    </li>
  );
}
