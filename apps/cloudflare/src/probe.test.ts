import { expect, test } from "vitest";
import { placeOf } from "./probe.ts";

test.each([
  { ray: "230b030023ae2822-SJC", cf: undefined, place: "SJC" },
  { ray: "230b030023ae2822-SJC", cf: { colo: "FRA" }, place: "SJC" },
  { ray: "230b030023ae2822", cf: { colo: "FRA" }, place: "FRA" },
  { ray: "230b030023ae2822", cf: undefined, place: null },
  { ray: null, cf: { colo: 5 }, place: null },
  { ray: null, cf: undefined, place: null },
])("cf-ray $ray, cf $cf: $place", ({ ray, cf, place }) => {
  const headers: Record<string, string> = ray === null ? {} : { "cf-ray": ray };
  const request = Object.assign(new Request("https://site.example/", { headers }), { cf });
  expect(placeOf(request)).toBe(place);
});
