// Moves the clock of a process ahead by LATER_MS. Loaded before the program, by `--import`, also in a
// Node that does not strip types.
const ahead = Number(process.env["LATER_MS"] ?? 0);

globalThis.Date = new Proxy(Date, {
  construct: (target, args, subclass) =>
    Reflect.construct(target, args.length === 0 ? [target.now() + ahead] : args, subclass),
  get: (target, name) => (name === "now" ? () => target.now() + ahead : Reflect.get(target, name)),
});
