// Writes the JSON Schema of the config file, which editors read. A test compares the two.
import { writeFileSync } from "node:fs";
import { configJsonSchema } from "@edgezero/config/json-schema";

const path = new URL("../schema/edgezero.config.schema.json", import.meta.url);
writeFileSync(path, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
