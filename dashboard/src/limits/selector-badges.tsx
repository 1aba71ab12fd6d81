import type { LimitSelector } from "#core/contracts/limits.ts";
import { saySelector } from "./say-limit.ts";

/** Which calls alone a limit counts. */
export function SelectorBadges({ selector }: { readonly selector: LimitSelector }) {
  return saySelector(selector).map((text) => (
    <span key={text} className="badge">
      {text}
    </span>
  ));
}
