/** The end of `--help`, by command; `program` is the help of the whole. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  program: `
Examples:
  edgezero-rollout status --store file:./rollout.json
  edgezero-rollout set 10 --env production --reason "stage 2"
  edgezero-rollout rollback --env production --url https://www.example.com

The store is the first of these that is given:
  --store <url>, for which no config file is looked up
  --env <name>, an environment of edgezero.config.ts or .json
  EDGEZERO_STORE
  that file's default environment, or its only one`,
  status: `
Examples:
  edgezero-rollout status
  edgezero-rollout status --watch --url https://www.example.com
  edgezero-rollout status --json | jq .state.rolloutPct`,
  set: `
Examples:
  edgezero-rollout set 10 -m "stage 2"
  edgezero-rollout set 50% --dry-run
  edgezero-rollout set 50 --yes --force -m "agreed with the on-call"`,
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

It never asks, and no lock, plan or audit trail stops it; nor does a config file, where --store or
EDGEZERO_STORE has the store. Exit code 0 means proven, unless --accept-unverified is given.`,
  init: `
Examples:
  edgezero-rollout init --store file:./rollout.json
  edgezero-rollout init --env staging --store redis://staging.internal`,
  mirror: `
Examples:
  edgezero-rollout mirror --from redis://config.internal --to file:/etc/edgezero/rollout.json

For gateways that read a file, such as those on nginx. While the store cannot be read, the file is left
as it is, and its gateways go to legacy after their CONFIG_MAX_AGE_MS.`,
  new: `
Examples:
  edgezero-rollout new node my-gateway`,
  bucket: `
Examples:
  edgezero-rollout bucket 203.0.113.7 2001:db8::1
  cut -d' ' -f1 access.log | sort -u | edgezero-rollout bucket`,
  simulate: `
Examples:
  edgezero-rollout simulate --ips clients.txt --pct 10
  cut -d' ' -f1 access.log | edgezero-rollout simulate --ips - --pct 10`,
  plan: `
Examples:
  edgezero-rollout plan lint
  edgezero-rollout plan show --env production`,
  "plan lint": `
Examples:
  edgezero-rollout plan lint
  edgezero-rollout plan lint plan.json --rps 500 --rate errors=0.1%`,
  "plan show": `
Examples:
  edgezero-rollout plan show --env production
  edgezero-rollout plan show --json | jq .plan.signals`,
  preflight: `
Examples:
  edgezero-rollout preflight --rps 500 --rate errors=0.1% --rate timeouts=0.01%
  edgezero-rollout preflight --from prometheus:https://prometheus.internal`,
  rehearse: `
Examples:
  edgezero-rollout rehearse --rps 500 --fault errors=0.5%
  edgezero-rollout rehearse --rps 500 --fault outage=both@1h+5m --runs 100`,
  replay: `
Examples:
  edgezero-rollout replay plan.json --recording windows.ndjson`,
  start: `
Examples:
  edgezero-rollout start --env production -m "release 12"

Without --controller the controller is that of the environment in the config file. Its token is in the
variable that the environment names by "tokenEnv", otherwise in CONTROLLER_TOKEN.`,
  pause: `
Examples:
  edgezero-rollout pause -m "an outage of the payment provider"`,
  resume: `
Examples:
  edgezero-rollout resume -m "the outage is over"`,
  approve: `
Examples:
  edgezero-rollout approve --stage 3 -m "agreed with the on-call"`,
  promote: `
Examples:
  edgezero-rollout promote -m "a fix that cannot wait"`,
  reset: `
Examples:
  edgezero-rollout reset -m "the next release"
  edgezero-rollout reset --keep -m "build 12.1 with the fix"`,
  explain: `
Examples:
  edgezero-rollout explain --env production
  edgezero-rollout explain --controller http://127.0.0.1:8790 --env production --json`,
  history: `
Examples:
  edgezero-rollout history --from 2026-11-01T00:00:00Z --recording month.ndjson`,
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
