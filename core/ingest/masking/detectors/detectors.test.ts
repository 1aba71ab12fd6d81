import { describe, test } from "vitest";
import { maskingDetectorSchema, type MaskingDetector } from "../../../contracts/policy.ts";
import { detectors } from "./detectors.ts";

const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
const pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nq1w2\n-----END RSA PRIVATE KEY-----";
const letters = (count: number) => "aB3dE6gH9jK2mN5p".repeat(20).slice(0, count);

/** Texts of each detector: what it must find in them, and nothing else. */
const texts = {
  email: [
    ["Write to ada@example.com.", ["ada@example.com"]],
    ["<Ada.Lovelace+tag@mail.example.co.uk>, 'bob@x.io'", ["Ada.Lovelace+tag@mail.example.co.uk", "bob@x.io"]],
    ["jürgen@müller.example and 王@例子.中国", ["jürgen@müller.example", "王@例子.中国"]],
    ["mailto:ada@example.com?subject=x&cc=bob@example.org", ["ada@example.com", "bob@example.org"]],
    ["a@b.cc@d.ee", ["a@b.cc"]],
    ["ada@example.com4111", ["ada@example.com"]],
    ["@ada @example.com a@b user@localhost 3@4.5 x@.com npm@1.2.3", []],
    ["import { a } from '@scope/package.name'", []],
    [`${"a".repeat(200)}@example.com`, [`${"a".repeat(200)}@example.com`]],
  ],
  phone: [
    ["+49 171 2345678, +1 (415) 555-2671, +442079460958", ["+49 171 2345678", "+1 (415) 555-2671", "+442079460958"]],
    ["0049 30 901820 or 0033 1 23 45 67 89", ["0049 30 901820", "0033 1 23 45 67 89"]],
    ["(415) 555-2671, 415-555-2671, 415.555.2671, 1-800-555-0199", ["(415) 555-2671", "415-555-2671", "415.555.2671", "1-800-555-0199"]],
    [
      "030 1234567; 0171/2345678; 020 7946 0958; 01 23 45 67 89; (030) 1234567",
      ["030 1234567", "0171/2345678", "020 7946 0958", "01 23 45 67 89", "(030) 1234567"],
    ],
    ["tel:+14155552671", ["+14155552671"]],
    ["4155552671 1234567890 0123456789 20240115103000", []],
    ["on 01.02.2024 10:15, 2024-01-15 10:30:00, 01-02-2024 12 and 15/01/2024", []],
    ["0193c5a0-0000-7000-8000-000000000001, 0412-4678-0123-4567-ab, v1.0.123.4567", []],
    ["costs 0.1234 5678 or 1,234,567.89; 10 000 000; 3.14159265358979", []],
    ["1795000000000 ms, 12:34:56.789, 192.168.100.200, +5 apples, 2+2=4, +-12345678", []],
    ["https://example.com/030/1234567", []],
  ],
  "credit-card": [
    ["4111 1111 1111 1111, 5500-0000-0000-0004 or 340000000000009", ["4111 1111 1111 1111", "5500-0000-0000-0004", "340000000000009"]],
    ["4111111111111111 12/26 123", ["4111111111111111"]],
    ["12 4111 1111 1111 1111", ["4111 1111 1111 1111"]],
    ["card:4111111111111111.", ["4111111111111111"]],
    ["4111 1111 1111 1112", []],
    ["4111111111111111111111, x4111111111111111, 4111111111111111x", []],
    ["0.4111111111111111, 1795000000000, 0000000000000000, 2222222222222224222222", []],
    ["tokens: 5500 12 7", []],
  ],
  iban: [
    ["DE89 3704 0044 0532 0130 00 and GB82WEST12345698765432", ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"]],
    ["de89370400440532013000", ["de89370400440532013000"]],
    ["NO93 8601 1117 947.", ["NO93 8601 1117 947"]],
    ["DE89 3704 0044 0532 0130 00 bitte bald", ["DE89 3704 0044 0532 0130 00"]],
    ["DE88 3704 0044 0532 0130 00", []],
    ["XDE89370400440532013000, DE89370400440532013000X1", []],
    ["AB12 this is a text with some words", []],
  ],
  "ip-address": [
    ["from 192.168.0.1:8080, 10.0.0.1/24 and 8.8.8.8.", ["192.168.0.1", "10.0.0.1", "8.8.8.8"]],
    [
      "2001:db8::8a2e:370:7334, fe80::1%eth0, ::1, 2001:0db8:85a3:0000:0000:8a2e:0370:7334",
      ["2001:db8::8a2e:370:7334", "fe80::1", "::1", "2001:0db8:85a3:0000:0000:8a2e:0370:7334"],
    ],
    ["[::ffff:192.0.2.1]:443", ["::ffff:192.0.2.1"]],
    ["fe80::1: no route", ["fe80::1"]],
    ["256.1.1.1, 1.2.3, 1.2.3.4.5, v1.2.3.4, 01.002.3.4567", []],
    ["at 12:34:56, aa:bb:cc:dd:ee:ff, std::vector, a::b, Face::Bad, :: , 1:2:3", []],
    ["1:2:3:4:5:6:7:8:9, 1::2::3, 12345::1", []],
  ],
  secret: [
    [`sk-${letters(48)} and sk-ant-api03-${letters(30)}`, [`sk-${letters(48)}`, `sk-ant-api03-${letters(30)}`]],
    [
      `ef_0123456789abcdef_${letters(43)} ef_api_0123456789abcdef_${letters(43)} ef_admin_${letters(32)}`,
      [`ef_0123456789abcdef_${letters(43)}`, `ef_api_0123456789abcdef_${letters(43)}`, `ef_admin_${letters(32)}`],
    ],
    ["AKIAIOSFODNN7EXAMPLE, ASIAIOSFODNN7EXAMPLE", ["AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE"]],
    [`ghp_${letters(36)}. github_pat_${letters(60)}`, [`ghp_${letters(36)}`, `github_pat_${letters(60)}`]],
    [
      `AIza${letters(35)}; xoxb-123456789012-abc; hf_${letters(34)}; sk_live_${letters(24)}; glpat-${letters(20)}`,
      [`AIza${letters(35)}`, "xoxb-123456789012-abc", `hf_${letters(34)}`, `sk_live_${letters(24)}`, `glpat-${letters(20)}`],
    ],
    [`token=${jwt}`, [jwt]],
    [`Authorization: Bearer ${letters(40)}==, authorization: bearer ${letters(20)}`, [`${letters(40)}==`, letters(20)]],
    [`key:\n${pem}\nend`, [pem]],
    [`-----BEGIN PRIVATE KEY-----\nMIIE cut off`, [`-----BEGIN PRIVATE KEY-----\nMIIE cut off`]],
    ["a bearer of news, the Bearer token, sk-short, task-sk-, risk-management-of-large-things", []],
    ["ef_ghi, eyJhbGciOiJIUzI1NiJ9, AKIA123, -----BEGIN CERTIFICATE-----", []],
  ],
} as const satisfies Record<MaskingDetector, readonly (readonly [string, readonly string[]])[]>;

describe.for(maskingDetectorSchema.options)("%s", (detector) => {
  test.for<readonly [string, readonly string[]]>(texts[detector])("in %j: %j", ([text, found], { expect }) => {
    expect(detectors[detector](text).map(({ start, end }) => text.slice(start, end))).toEqual(found);
  });

  test.for(["a", "@", "a@", "4", "0 1", "+1 ", "1.", "::", "a:", "f", "eyJa", "sk-", "bearer ", "DE89 ", "-----BEGIN PRIVATE KEY-----"])(
    "a long text of %j alone costs neither stack nor more time than its length",
    (unit, { expect }) => {
      const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
      const fromMs = performance.now();
      detectors[detector](text);
      // Quadratic would be hours.
      expect(performance.now() - fromMs).toBeLessThan(5_000);
    },
  );
});
