import { test } from "vitest";
import { pathOf } from "./request-path.ts";

test.for([
  ["http://127.0.0.1:8787/v1/chat/completions", "/v1/chat/completions"],
  ["https://host/v1/models/gpt-4o?x=/y#z", "/v1/models/gpt-4o"],
  ["https://host", "/"],
  ["https://host/", "/"],
] as const)("the path of %s is %s", ([url, path], { expect }) => {
  expect(pathOf(url)).toBe(path);
});
