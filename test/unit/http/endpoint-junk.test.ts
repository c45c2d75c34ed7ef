import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endpoint } from "#shared/http/endpoint.ts";
import type { Operation } from "#shared/http/operation.ts";
import { json } from "#shared/http/reply.ts";
import { createLogRecorder } from "./support.ts";

const folder = join(import.meta.dirname, "../../../.generated/operations");
const operations: readonly Operation<object, object, unknown>[] = await Promise.all(
  readdirSync(folder)
    .filter((name) => name.endsWith(".js") && name !== "length.js")
    .map(async (name) => (await import(join(folder, name))).operation),
);

const names = fc.constantFrom(
  "customer_id",
  "connection_id",
  "session_id",
  "ticket",
  "limit",
  "cursor",
  "code",
  "disconnect",
  "x",
);
const looseTexts = fc.dictionary(fc.oneof(names, fc.string()), fc.oneof(fc.string({ unit: "binary" }), fc.anything()));
const bodies = fc.oneof(
  fc.json(),
  fc.string({ unit: "binary" }),
  fc.base64String(),
  fc
    .record(
      {
        name: fc.anything(),
        email: fc.oneof(fc.string(), fc.anything()),
        metadata: fc.anything(),
        products: fc.array(fc.oneof(fc.constantFrom("company", "ssn"), fc.anything())),
        integration: fc.anything(),
        return_url: fc.oneof(fc.webUrl(), fc.anything()),
        minutes_to_expire: fc.anything(),
        mode: fc.oneof(fc.constantFrom("redirect", "embedded"), fc.anything()),
        authorization_code: fc.oneof(fc.string(), fc.anything()),
        state: fc.oneof(fc.base64String(), fc.anything()),
        access_token: fc.oneof(fc.string(), fc.anything()),
        label: fc.oneof(fc.string(), fc.anything()),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value, (_, part) => (typeof part === "bigint" ? String(part) : part))),
);
const gatewayLike = fc.record(
  {
    pathParameters: fc.oneof(looseTexts, fc.anything()),
    queryStringParameters: fc.oneof(looseTexts, fc.anything()),
    rawQueryString: fc.oneof(fc.constantFrom("limit=1&limit=2", "code=a&code=b"), fc.string(), fc.anything()),
    headers: fc.oneof(looseTexts, fc.anything()),
    cookies: fc.oneof(fc.array(fc.oneof(fc.string(), fc.anything())), fc.anything()),
    body: fc.oneof(bodies, fc.anything()),
    isBase64Encoded: fc.oneof(fc.boolean(), fc.anything()),
    requestContext: fc.oneof(fc.record({ requestId: fc.anything() }), fc.anything()),
  },
  { requiredKeys: [] },
);

describe.each(operations.map((operation) => [operation.name, operation] as const))(
  "junk sent to %s",
  (_, operation) => {
    it("is answered, never thrown back and never a 5xx, with one log line", async () => {
      const { log, lines } = createLogRecorder();
      const handler = endpoint(operation, log, () => json(200, {}));
      await fc.assert(
        fc.asyncProperty(fc.oneof({ weight: 3, arbitrary: gatewayLike }, fc.anything()), async (event) => {
          const before = lines.length;
          const reply = await handler(event);
          expect([200, 400, 413]).toContain(reply.statusCode);
          expect(typeof reply.body).toBe("string");
          expect(lines.length).toBe(before + 1);
        }),
        { numRuns: 150 },
      );
    });
  },
);

describe("a refused value", () => {
  it("is not repeated in the answer", async () => {
    const operation = operations.find(({ name }) => name === "put-customer");
    if (operation === undefined) throw new Error("put-customer is not generated");
    const { log, lines } = createLogRecorder();
    const handler = endpoint(operation, log, () => json(200, {}));
    const marker = "at-secret-0001";
    const hiding = fc.anything({ values: [fc.constant(marker), fc.integer()] });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("name", "email", "mode", "metadata"), hiding, async (field, value) => {
        const body = JSON.stringify({ [field]: value, mode: marker });
        const reply = await handler({ pathParameters: { customer_id: ` ${marker}` }, body, headers: { x: marker } });
        expect(reply.statusCode).toBe(400);
        expect(reply.body).not.toContain(marker);
      }),
    );
    expect(JSON.stringify(lines)).not.toContain(marker);
  });
});
