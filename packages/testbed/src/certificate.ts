import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Makes `<name>.key`, and `<name>.crt` of that name that is its own authority, in a folder. */
export function certify(folder: string, name: string): void {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const own = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`];
  const made = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    "2",
  ];
  const files = ["-keyout", key, "-out", cert];
  execFileSync("openssl", ["req", "-x509", ...made, ...own, ...files], { stdio: "ignore" });
}
