// Loaded before the command by `runStepped`: announces each change of a file on descriptor 3 before
// it is made, and stands still, event loop and all, until a byte comes back.
import fs, { readSync, writeSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const PARENT = 3;

type Operation = (this: unknown, ...args: unknown[]) => unknown;

type IsChange = (args: readonly unknown[]) => boolean;

function announceThose(
  of: object,
  names: readonly string[],
  isChange: IsChange = () => true,
): void {
  const operations = of as Record<string, Operation>;
  for (const name of names) {
    const original = operations[name] as Operation;
    operations[name] = function (...args) {
      if (isChange(args))
        announce(`${name} ${args.filter((arg) => typeof arg === "string").join(" ")}`);
      return original.apply(this, args);
    };
  }
}

function announce(change: string): void {
  writeSync(PARENT, `${change.replaceAll("\n", " ")}\n`);
  readSync(PARENT, Buffer.alloc(1));
}

const handle = await fs.promises.open(process.execPath);
announceThose(Object.getPrototypeOf(handle) as object, [
  "appendFile",
  "sync",
  "write",
  "writeFile",
]);
await handle.close();
announceThose(fs.promises, ["open"], ([, flags]) => typeof flags === "string" && flags !== "r");
announceThose(fs.promises, ["link", "mkdir", "rename", "rm", "writeFile"]);
announceThose(fs, ["renameSync"]);
syncBuiltinESMExports();
