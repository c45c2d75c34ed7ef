/** What counts as a report is what the schema says, no more and no less. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readReauthenticationReport } from "#shared/eventbridge/reauthentication-report.ts";

const file = join(import.meta.dirname, "../../../docs/events/in/ReauthenticationReported.schema.json");
const matches = new Ajv2020({ strict: true }).compile(JSON.parse(readFileSync(file, "utf8")));

const detail = {
  customer_id: "acme|1",
  connection_id: "9f1e2d3c-4b5a-4697-8877-665544332211",
  reason: "401 from Finch",
};
const envelope = { "detail-type": "ReauthenticationReported", source: "payroll-sync", time: "2026-03-01T09:30:00Z" };
const read = (changes: unknown, around: object = {}) =>
  readReauthenticationReport(JSON.stringify({ ...envelope, ...around, detail: changes }));

describe("a report", () => {
  it("is read without its reason", () => {
    expect(read(detail)).toEqual({ customerId: detail.customer_id, connectionId: detail.connection_id });
  });

  it.each([
    ["a name of two dots", { ...detail, customer_id: ".." }],
    ["a customer with a space", { ...detail, customer_id: "a b" }],
    ["a connection with a dot", { ...detail, connection_id: "a.b" }],
    ["a number for a customer", { ...detail, customer_id: 1 }],
    ["an empty reason", { ...detail, reason: "" }],
    ["a long reason", { ...detail, reason: "x".repeat(1_001) }],
    ["no reason", { ...detail, reason: undefined }],
    ["one field more", { ...detail, status: "reauth" }],
    ["no detail", undefined],
    ["null", null],
    ["a list", [detail]],
    ["a text", "x"],
  ])("is none with %s", (_, changes) => {
    expect(matches(changes)).toBe(false);
    expect(read(changes)).toBeUndefined();
  });

  it.each([
    ["another type", { "detail-type": "ReauthenticationRequired" }],
    ["Perch's own source", { source: "perch" }],
    ["no source", { source: undefined }],
  ])("is none under %s", (_, around) => {
    expect(read(detail, around)).toBeUndefined();
  });

  it.each(["", "x", "null", "[]", "1", '"x"', "{", "[".repeat(100_000)])(
    "is none in what is no event: %.10s",
    (body) => {
      expect(readReauthenticationReport(body)).toBeUndefined();
    },
  );

  it("is whatever the schema accepts, and nothing else", () => {
    const text = (good: string) => fc.oneof(fc.constant(good), fc.string({ unit: "binary" }), fc.anything());
    const details = fc.record(
      { customer_id: text("acme"), connection_id: text("c-1"), reason: text("𝕏".repeat(1_000)), more: fc.anything() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(details, fc.anything()), (value) => {
        const written = toJson(value);
        fc.pre(written !== undefined);
        const isGood = matches(JSON.parse(written ?? ""));
        expect(
          readReauthenticationReport(`{"detail-type":"ReauthenticationReported","source":"x","detail":${written}}`) !==
            undefined,
        ).toBe(isGood);
      }),
      { numRuns: 500 },
    );
  });
});

const toJson = (value: unknown): string | undefined => {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
};
