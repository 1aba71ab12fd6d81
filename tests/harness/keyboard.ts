import type { Page } from "playwright-core";
import * as z from "zod";

const walkedSchema = z.strictObject({ unreached: z.array(z.string()), unseen: z.array(z.string()) });

/** What can be worked with where it stands; of a group of radio buttons and of tabs one is enough, arrows go on from there. */
const prepare = `(() => {
  const selector = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  const isTarget = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && element.tabIndex >= 0 && !element.disabled && !element.closest("[inert]") &&
    !(element.type === "radio" && !element.checked && document.querySelector('input[name="' + CSS.escape(element.name) + '"]:checked'));
  const nameOf = (element) =>
    element.tagName.toLowerCase() + " " + (element.getAttribute("aria-label") || element.textContent || element.id || "").trim().slice(0, 60);
  const ringed = (element) => element !== null && [null, "::before", "::after"].some((part) => {
    const { content, outlineStyle, outlineWidth } = getComputedStyle(element, part);
    return (part === null || content !== "none") && outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0;
  });
  const ancestors = (element, count) => element === null || count === 0 ? [] : [element, ...ancestors(element.parentElement, count - 1)];
  const walk = { first: null, isRound: false, reached: new Set(), unseen: new Set(), targets: [...document.querySelectorAll(selector)].filter(isTarget) };
  window.tabWalk = walk;
  walk.onFocus = ({ target }) => {
    if (target === walk.first) walk.isRound = true;
    walk.first ??= target;
    walk.reached.add(target);
    // A control that is hidden shows its focus on what stands beside it, a link of a row on the row.
    if (![...ancestors(target, 5), target.nextElementSibling].some(ringed)) walk.unseen.add(nameOf(target));
  };
  walk.end = () => {
    document.removeEventListener("focusin", walk.onFocus);
    const unreached = walk.targets.filter((element) => element.isConnected && isTarget(element) && !walk.reached.has(element));
    return { unreached: unreached.map(nameOf), unseen: [...walk.unseen] };
  };
  document.activeElement?.blur();
  document.addEventListener("focusin", walk.onFocus);
})()`;

const stepsMax = 600;
const stepsAtOnce = 20;

/** Goes through a page by Tab alone: what it did not come to, and what does not show that it has the focus. */
export async function walkByTab(page: Page): Promise<z.infer<typeof walkedSchema>> {
  await page.evaluate(prepare);
  for (let steps = 0; steps < stepsMax; steps += stepsAtOnce) {
    for (let step = 0; step < stepsAtOnce; step += 1) await page.keyboard.press("Tab");
    if ((await page.evaluate("window.tabWalk.isRound")) === true) break;
  }
  return walkedSchema.parse(await page.evaluate("window.tabWalk.end()"));
}
