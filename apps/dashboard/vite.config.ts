import { defineConfig } from "vite";

export default defineConfig({
  // Relative addresses, so that the page works behind any path prefix.
  base: "./",
  build: {
    target: "es2023",
    // The notices that the bundled libraries ask for.
    license: { fileName: "LICENSES.md" },
    // No inline data: the Content-Security-Policy allows only files of the page itself.
    assetsInlineLimit: 0,
    // An inline script would be needed otherwise.
    modulePreload: { polyfill: false },
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
