import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Where another NODE_ENV is set, as test runners do, Vite would take React's development build, half as large again.
process.env["NODE_ENV"] = "production";

/** `#core/*` needs no alias: Vite reads `imports` of package.json. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // Nothing may become a data: URL or an inline script: the page is served under a strict content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
