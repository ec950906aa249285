import type { Nginx } from "@edgezero/testbed/nginx/nginx";
import { NGINX_APP, startNginx } from "@edgezero/testbed/nginx/nginx";

/** A question that `answer.lua` knows. */
export type Question =
  | "hash"
  | "key"
  | "bucket"
  | "flag"
  | "pct"
  | "file"
  | "path"
  | "reason"
  | "setting"
  | "default"
  | "location"
  | "refresh"
  | "link"
  | "cookie"
  | "own"
  | "source";

/** The pure parts of the gateway, in nginx's own LuaJIT. */
export interface Lua {
  /** Asks the same question about each input; texts are UTF-8. */
  ask(question: Question, inputs: readonly (string | Uint8Array)[]): Promise<unknown[]>;
  stop(): Promise<void>;
}

/** Starts an nginx that answers questions. */
export async function startLua(): Promise<Lua> {
  const nginx: Nginx = await startNginx({
    http: (_, port) => `client_max_body_size 256m;
  server {
    listen 127.0.0.1:${port};
    location / { content_by_lua_file ${NGINX_APP}test/answer.lua; }
  }`,
  });
  return {
    async ask(question, inputs) {
      const lines = inputs.map((input) => `${question} ${Buffer.from(input).toString("hex")}\n`);
      const response = await fetch(nginx.url, { method: "POST", body: lines.join("") });
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${response.status}: ${text}`);
      const answers = JSON.parse(text) as unknown[];
      if (answers.length !== inputs.length) throw new Error("an answer is missing");
      return answers;
    },
    stop: async () => nginx.stop(),
  };
}
