import { expect, test } from "vitest";
import type { KnownIncidents } from "./follow.ts";
import { follow, NO_INCIDENTS } from "./follow.ts";
import type { PresentIncident } from "./incident.ts";

const SHARE: PresentIncident = {
  key: "share",
  kind: "share",
  since: 1000,
  pagedAt: 1000,
  isOver: false,
  about: null,
};
const UNVERIFIED: PresentIncident = {
  ...SHARE,
  key: "rollback-unverified",
  kind: "rollback-unverified",
};

/** What is told over looks that are a second apart. */
function told(looks: readonly (readonly PresentIncident[])[]): string[] {
  let known: KnownIncidents = NO_INCIDENTS;
  return looks.flatMap((present, index) => {
    const followed = follow(known, present, 1000 * (index + 1));
    known = JSON.parse(JSON.stringify(followed.known)) as KnownIncidents;
    return followed.happenings.map(({ what, incident }) => `${index} ${what} ${incident.id}`);
  });
}

test.each([
  { name: "an incident that goes on", looks: [[SHARE], [SHARE]], says: ["0 opened share-1000"] },
  {
    name: "an incident that ends and comes again",
    looks: [[SHARE], [], [{ ...SHARE, since: 3000 }]],
    says: ["0 opened share-1000", "1 resolved share-1000", "2 opened share-3000"],
  },
  {
    name: "a page that is repeated while clients may be on EdgeZero",
    looks: [[UNVERIFIED], [UNVERIFIED], [{ ...UNVERIFIED, pagedAt: 3000 }], []],
    says: [
      "0 opened rollback-unverified-1000",
      "2 repeated rollback-unverified-1000",
      "3 resolved rollback-unverified-1000",
    ],
  },
  {
    name: "a page of a hold, which is told once",
    looks: [[SHARE], [{ ...SHARE, pagedAt: 2000 }]],
    says: ["0 opened share-1000"],
  },
  {
    name: "one that was over when it was first seen, and stays in view",
    looks: [[{ ...SHARE, isOver: true }], [{ ...SHARE, isOver: true }]],
    says: ["0 opened share-1000", "0 resolved share-1000"],
  },
  {
    name: "one that is over in view",
    looks: [[SHARE], [{ ...SHARE, isOver: true }], [{ ...SHARE, isOver: true }]],
    says: ["0 opened share-1000", "1 resolved share-1000"],
  },
  {
    name: "one that the controller dates itself",
    looks: [[{ ...SHARE, key: "lease", since: 1 }], [{ ...SHARE, key: "lease", since: 2 }]],
    says: ["0 opened lease-1"],
  },
])("tells of $name", ({ looks, says }) => {
  expect(told(looks)).toEqual(says);
});

test("what ended more than a day ago is no news", () => {
  const found = follow(NO_INCIDENTS, [{ ...SHARE, isOver: true }], 1000 + 86_400_001);
  expect(found.happenings).toEqual([]);
});
