import { expect, test } from "vitest";
import { chosenGateways } from "./gateways.ts";

const TARGET = { storeUrl: "file:/a.json" };

test("a gateway that is named twice is probed once", () => {
  const url = ["http://a.test/", "http://b.test/", "http://a.test/"];
  expect(chosenGateways({ url }, TARGET, {}).urls).toEqual(["http://a.test/", "http://b.test/"]);
  expect(chosenGateways({ url: [] }, { ...TARGET, urls: url }, {}).urls).toHaveLength(2);
  expect(chosenGateways({ url: [] }, TARGET, {}).urls).toEqual([]);
});
