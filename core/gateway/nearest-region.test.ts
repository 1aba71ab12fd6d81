import { test } from "vitest";
import { nearestRegion } from "./nearest-region.ts";

test.for([
  ["New York", 40.7, -74, "us-east"],
  ["São Paulo", -23.5, -46.6, "us-east"],
  ["San Francisco", 37.8, -122.4, "us-west"],
  ["Tokyo", 35.7, 139.7, "us-west"],
  ["Berlin", 52.5, 13.4, "eu-west"],
  ["Cape Town", -33.9, 18.4, "eu-west"],
] as const)("%s enters at the nearest region", ([, latitude, longitude, region], { expect }) => {
  expect(nearestRegion(latitude, longitude)).toBe(region);
});
