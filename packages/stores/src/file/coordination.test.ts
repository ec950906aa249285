import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeChangeLock } from "@edgezero/testbed/contracts/change-lock";
import type { CoordinatedStoreFixture } from "@edgezero/testbed/contracts/coordinated-store";
import { AT_10 } from "@edgezero/testbed/contracts/coordinated-store";
import { describeRollbackMark } from "@edgezero/testbed/contracts/rollback-mark";
import { vi } from "vitest";
import { LOCK_STALE_AFTER_MS } from "../coordination.ts";
import type { StoredValues } from "../operator-store.ts";
import { openStore } from "./operator.ts";

async function open(): Promise<CoordinatedStoreFixture> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-coordination-"));
  const path = join(folder, "rollout.json");
  const lock = join(folder, "rollout.audit.lock");
  writeFileSync(path, JSON.stringify(AT_10));
  return {
    open: () => openStore(`file:${path}`),
    stored: async () => JSON.parse(readFileSync(path, "utf8")) as StoredValues,
    async expireLock() {
      vi.useFakeTimers({ toFake: ["Date"] });
      vi.setSystemTime(Date.now() + LOCK_STALE_AFTER_MS + 1000);
    },
    leaveLock: async (holder) => writeFileSync(lock, JSON.stringify(holder)),
    async close() {
      vi.useRealTimers();
      rmSync(folder, { recursive: true });
    },
  };
}

describeChangeLock(open);
describeRollbackMark({ marksByOverwrite: false }, open);
