import { answers } from "./answers.ts";
import type { Feature } from "./feature.ts";
import { media } from "./media.ts";
import { settings } from "./settings.ts";
import { thinking } from "./thinking.ts";
import { tools } from "./tools.ts";
import { turns } from "./turns.ts";
import { usage } from "./usage.ts";

/** Everything that `docs/compatibility.md` tells of, in its order. */
export const features: readonly Feature[] = [...turns, ...tools, ...media, ...settings, ...thinking, ...answers, ...usage];
