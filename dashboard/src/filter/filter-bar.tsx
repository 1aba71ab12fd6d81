import { useEffect, useRef, useState, type SyntheticEvent } from "react";
import { isTyping } from "../trace-list/use-row-keys.ts";
import { CloseIcon, PlusIcon, SearchIcon } from "../ui/icons.tsx";
import { Popover } from "../ui/popover.tsx";
import { AddCondition } from "./add-condition.tsx";
import type { Condition } from "./conditions.ts";
import { sayCondition } from "./fields.ts";
import "./filter.css";

interface FilterBarProps {
  readonly conditions: readonly Condition[];
  readonly nameOf: (field: string, value: string) => string;
  readonly onChange: (conditions: readonly Condition[]) => void;
}

/** What the list is narrowed to: words, and conditions that are taken away by a click. `/` leads to the words. */
export function FilterBar({ conditions, nameOf, onChange }: FilterBarProps) {
  return (
    <div className="filter-bar" role="search" aria-label="Filter">
      <WordsField
        key={String(conditions.find(isWords)?.value ?? "")}
        words={String(conditions.find(isWords)?.value ?? "")}
        onChange={(words) => {
          const others = conditions.filter((condition) => !isWords(condition));
          onChange(words === "" ? others : [...others, { field: "text", operator: "contains", value: words }]);
        }}
      />
      {conditions.map((condition, at) =>
        isWords(condition) ? null : (
          <span key={`${condition.field} ${condition.operator} ${at}`} className="chip">
            <span className="chip-text">{sayCondition(condition, nameOf)}</span>
            <button
              type="button"
              className="chip-close"
              aria-label={`Remove: ${sayCondition(condition, nameOf)}`}
              onClick={() => onChange(conditions.filter((each) => each !== condition))}
            >
              <CloseIcon />
            </button>
          </span>
        ),
      )}
      <Popover
        className="filter-add"
        label="Add a filter"
        button={
          <>
            <PlusIcon />
            Filter
          </>
        }
      >
        {(close) => (
          <AddCondition
            onAdd={(condition) => {
              onChange([...conditions, condition]);
              close();
            }}
          />
        )}
      </Popover>
      {conditions.length > 0 && (
        <button type="button" className="quiet-button" onClick={() => onChange([])}>
          Clear all
        </button>
      )}
    </div>
  );
}

function isWords({ field, operator }: Condition): boolean {
  return field === "text" && operator === "contains";
}

function WordsField({ words, onChange }: { readonly words: string; readonly onChange: (words: string) => void }) {
  const [text, setText] = useState(words);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || isTyping(event)) return;
      event.preventDefault();
      input.current?.focus();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    onChange(text.trim());
  };
  return (
    <form className="words" onSubmit={submit}>
      <SearchIcon />
      <input
        ref={input}
        type="search"
        aria-label="Words in inputs, outputs and errors"
        placeholder="Words in inputs, outputs and errors"
        maxLength={1_000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => {
          if (text.trim() !== words) onChange(text.trim());
        }}
      />
      <kbd>/</kbd>
    </form>
  );
}
