/** The end of `--help`, by command; `program` is the help of the whole. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  program: `
Examples:
  edgezero-rollout status --store file:./rollout.json
  edgezero-rollout set 10 --env production --reason "stage 2"
  edgezero-rollout rollback --env production --url https://www.example.com

The store is --store, for which no config file is looked up, else the environment that --env names in edgezero.config.ts or .json, else
EDGEZERO_STORE, else that file's default environment.`,
  status: `
Examples:
  edgezero-rollout status
  edgezero-rollout status --watch --url https://www.example.com
  edgezero-rollout status --json | jq .state.rolloutPct`,
  set: `
Examples:
  edgezero-rollout set 10 -m "stage 2"
  edgezero-rollout set 50% --dry-run
  edgezero-rollout set 50 --yes --force`,
  enable: `
Examples:
  edgezero-rollout enable
  edgezero-rollout enable --yes --reason "start of the rollout"`,
  disable: `
Examples:
  edgezero-rollout disable --reason "the rollout is off for the holidays"`,
  rollback: `
Examples:
  edgezero-rollout rollback
  edgezero-rollout rollback --url https://eu.example.com --url https://us.example.com
  edgezero-rollout rollback --disable --timeout 60 --reason "errors on checkout"

It never asks, and no lock, plan, audit trail or config file stops it. Exit code 0 only when verified.`,
  init: `
Examples:
  edgezero-rollout init --store file:./rollout.json
  edgezero-rollout init --env staging --store redis://staging.internal`,
  bucket: `
Examples:
  edgezero-rollout bucket 203.0.113.7 2001:db8::1
  cut -d' ' -f1 access.log | sort -u | edgezero-rollout bucket`,
  simulate: `
Examples:
  edgezero-rollout simulate --ips clients.txt --pct 10
  cut -d' ' -f1 access.log | edgezero-rollout simulate --ips - --pct 10`,
  doctor: `
Examples:
  edgezero-rollout doctor --env production --url https://www.example.com`,
  version: `
Examples:
  edgezero-rollout version`,
  "force-token": `
Examples:
  edgezero-rollout force-token --expires 2h
  edgezero-rollout force-token --path legacy --url https://www.example.com/checkout

It is signed with the secret in FORCE_SECRET, which must be that of the gateways.`,
  log: `
Examples:
  edgezero-rollout log --limit 0
  edgezero-rollout log --verify --head 4b1c…`,
};
