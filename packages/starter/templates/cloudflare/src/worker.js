export { default } from "@edgezero/cloudflare";
