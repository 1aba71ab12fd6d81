import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";
import { findProgram } from "./programs.ts";

/** Where a Chromium is; `null`: none is installed. */
export const chromiumPath =
  findProgram("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome") ??
  ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"].find(existsSync) ??
  null;

/** Added to the name of what needs a browser: a skipped test says why. */
export const skippedWhy = chromiumPath === null ? " (skipped: no Chromium is installed)" : "";

export async function startBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath: chromiumPath ?? "", args: ["--no-sandbox"] });
}
