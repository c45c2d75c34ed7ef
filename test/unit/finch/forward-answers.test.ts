/** A forwarded request by what a transport answers: what no server over Node's own HTTP can be made to send. */
import { describe, expect, it } from "vitest";
import { createForwardToFinch } from "#shared/finch/forward.ts";
import type { RawAnswer, Transport } from "#shared/finch/transport.ts";
import { secret } from "#shared/secret.ts";

describe("over a transport that answers so", () => {
  const forward = async (answer: Partial<RawAnswer>) => {
    const paths: string[] = [];
    const transport: Transport = async ({ path }) => {
      paths.push(path);
      return { kind: "answer", status: 200, headers: {}, body: Buffer.from("{}"), ...answer };
    };
    const request = { method: "GET", path: "/employer/company", query: new URLSearchParams(), headers: {} } as const;
    const answered = await createForwardToFinch(transport, () => new Date(0))(
      { ...request, body: new Uint8Array() },
      secret("token-of-acme"),
      new Date(1_000),
    );
    return { answered, paths };
  };

  it("a path without a query stays as it is", async () => {
    expect((await forward({})).paths).toEqual(["/employer/company"]);
  });

  it.each([
    [299, "reply"],
    [300, "redirect"],
    [304, "reply"],
    [399, "redirect"],
    [400, "reply"],
  ])("%i is a %s", async (status, kind) => {
    expect((await forward({ status })).answered.kind).toBe(kind);
  });

  it("a header that came twice is one, and one that is named without a value is none", async () => {
    const headers: RawAnswer["headers"] = { "finch-twice": ["a", "b"], "finch-once": "c", "finch-none": undefined };
    const { answered } = await forward({ headers });
    expect(answered).toMatchObject({ kind: "reply" });
    expect(Object(answered).headers).toStrictEqual({ "finch-twice": "a, b", "finch-once": "c" });
  });
});
