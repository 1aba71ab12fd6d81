import { test } from "vitest";
import { parseFragment, parseSignIn } from "./session.ts";

const projectId = "019343c8-7d5a-7c31-9d4e-2f7f0b8a1c11";
const opened = parseFragment(`#key=ef_admin_a&project=${projectId}&gateway=http://127.0.0.1:8787/`, null);

test("a link carries key, project and the gateway's address", ({ expect }) => {
  expect(opened).toEqual({ adminKey: "ef_admin_a", projectId, gatewayUrl: "http://127.0.0.1:8787" });
});

test("what a link leaves out stays as it was; no link at all changes nothing", ({ expect }) => {
  expect([parseFragment("#key=ef_admin_b", opened), parseFragment("", opened), parseFragment("#main", null)]).toEqual([
    { adminKey: "ef_admin_b", projectId, gatewayUrl: "http://127.0.0.1:8787" },
    opened,
    null,
  ]);
});

test("a link that is no session asks to sign in, and an address that is no web address is dropped", ({ expect }) => {
  expect([
    parseFragment("#key=ef_admin_a", null),
    parseFragment("#key=ef_admin_a&project=7", null),
    parseFragment(`#key=a&project=${projectId}&gateway=javascript:alert(1)`, null),
  ]).toEqual([null, null, { adminKey: "a", projectId, gatewayUrl: "" }]);
});

test("the form forgives spaces and capitals, and names the field that is wrong", ({ expect }) => {
  expect([parseSignIn(" ef_admin_a ", ` ${projectId.toUpperCase()} `), parseSignIn(" ", projectId), parseSignIn("a", "project")]).toEqual([
    { kind: "session", session: { adminKey: "ef_admin_a", projectId, gatewayUrl: "" } },
    { kind: "invalid", field: "key" },
    { kind: "invalid", field: "project" },
  ]);
});
