import { providerRow } from "../../providers/providers.ts";

/** What senders call a provider that we call otherwise. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ["gemini", "google"],
  ["gcp.gemini", "google"],
  ["gcp.gen_ai", "google"],
  ["google_genai", "google"],
  ["google.generative-ai", "google"],
  ["mistral_ai", "mistral"],
  ["mistralai", "mistral"],
  ["x_ai", "xai"],
  ["x-ai", "xai"],
  ["together_ai", "together"],
  ["togetherai", "together"],
  ["fireworks_ai", "fireworks"],
  ["moonshot_ai", "moonshot"],
  ["moonshotai", "moonshot"],
]);

/** The provider by our name where we know it, else as it was sent. The AI SDK puts the API behind the name: `openai.chat`. */
export function providerName(sent: string): string {
  const name = sent.toLowerCase();
  const known = otherNames.get(name) ?? name;
  const [vendor = ""] = known.split(".", 1);
  return [known, otherNames.get(vendor) ?? vendor].find((candidate) => providerRow(candidate) !== null) ?? sent;
}
