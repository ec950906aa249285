// A program that is warmed in the build as the gateway is. It says what a sandbox has of its own, which no
// snapshot may hold.
import { warmGateway } from "@edgezero/fastly/warm-gateway";

warmGateway({ debug() {}, info() {}, warn() {}, error() {} });

addEventListener("fetch", (event) => {
  const own = { uuid: crypto.randomUUID(), random: Math.random(), now: Date.now() };
  event.respondWith(new Response(JSON.stringify(own)));
});
