import type { OpenAPIHono } from "@hono/zod-openapi";

/** Serves the OpenAPI document, made from the same schemas that requests are read by. */
export function describeApi(app: OpenAPIHono): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "token", {
    type: "http",
    scheme: "bearer",
    description: "CONTROLLER_TOKEN. On loopback without a token every request passes.",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "ingestToken", {
    type: "http",
    scheme: "bearer",
    description: "INGEST_TOKEN.",
  });
  app.doc31("/api/v1/openapi.json", {
    openapi: "3.1.0",
    info: {
      title: "EdgeZero controller",
      version: "1",
      description: "Shows rollouts that move themselves, and takes commands.",
      license: { name: "Apache-2.0" },
    },
  });
}
