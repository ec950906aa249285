// Empties `dist`, so that nothing is published that has no source any more.
import { rmSync } from "node:fs";

rmSync(new URL("../dist", import.meta.url), { recursive: true, force: true });
