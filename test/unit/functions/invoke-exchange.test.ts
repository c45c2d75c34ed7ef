import { describe, expect, it, vi } from "vitest";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { readExchangeEvent } from "#shared/lambda/exchange-request.ts";
import { createInvokeExchange } from "#shared/lambda/invoke-exchange.ts";
import { secret } from "#shared/secret.ts";

const response = { state: "s", code: secret("c"), holder: { embeddedFor: "acme" as CustomerId } };

/** The call over a client that answers so. */
const invokeWith = (send: (command: { readonly input: object }, options: object) => Promise<unknown>) =>
  createInvokeExchange({ send: send as never }, "exchange");

const failure = (parts: object) => Object.assign(new Error("no"), parts);

describe("handing a code to the exchange function", () => {
  it("gives it state, code and holder, and its answer back", async () => {
    const sent: object[] = [];
    const invoke = invokeWith(async ({ input }) => {
      sent.push(input);
      return { Payload: Buffer.from('{"status":"refused","reason":"spent"}') };
    });
    expect(await invoke(response)).toEqual({ status: "refused", reason: "spent" });
    const [{ FunctionName, Payload }] = sent as [{ FunctionName: string; Payload: string }];
    expect(FunctionName).toBe("exchange");
    const read = readExchangeEvent(JSON.parse(Payload));
    expect([read.state, read.code.reveal(), read.holder]).toEqual(["s", "c", { embeddedFor: "acme" }]);
  });

  it.each([
    ["throttled", failure({ name: "TooManyRequestsException", $metadata: { httpStatusCode: 429 } })],
    ["down", failure({ name: "ServiceException", $metadata: { httpStatusCode: 500 } })],
    ["out of reach", failure({ code: "ECONNREFUSED" })],
    ["cut off", failure({ code: "ECONNRESET", $metadata: {} })],
    ["silent", failure({ name: "TimeoutError" })],
  ])("is to be repeated when Lambda is %s", async (_, error) => {
    expect(await invokeWith(() => Promise.reject(error))(response)).toEqual({ status: "not_run" });
  });

  it("is to be repeated when the function died on the way", async () => {
    const invoke = invokeWith(async () => ({ FunctionError: "Unhandled", Payload: Buffer.from('{"errorType":"x"}') }));
    expect(await invoke(response)).toEqual({ status: "not_run" });
  });

  it.each([
    ["it is not allowed", failure({ name: "AccessDeniedException", $metadata: { httpStatusCode: 403 } })],
    ["there is no such function", failure({ name: "ResourceNotFoundException", $metadata: { httpStatusCode: 404 } })],
    ["it is a bug", new TypeError("no")],
  ])("throws when %s", async (_, error) => {
    await expect(invokeWith(() => Promise.reject(error))(response)).rejects.toBe(error);
  });

  it("stops waiting after 25 s, while the function goes on", async () => {
    const limits: number[] = [];
    const timeout = vi.spyOn(AbortSignal, "timeout").mockImplementation((milliseconds) => {
      limits.push(milliseconds);
      return AbortSignal.abort();
    });
    try {
      const invoke = invokeWith(() => Promise.reject(failure({ name: "AbortError" })));
      expect(await invoke(response)).toEqual({ status: "in_progress" });
      expect(limits).toEqual([25_000]);
    } finally {
      timeout.mockRestore();
    }
  });
});
