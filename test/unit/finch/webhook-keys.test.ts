/** The keys of Finch's webhooks: kept for a short time, read anew where none fits, and not for every forgery. */
import { describe, expect, it } from "vitest";
import { createWebhookKeys } from "#shared/secrets-manager/webhook-keys.ts";
import { createMemorySurroundings } from "../../support/memory/surroundings.ts";
import { aWebhookSecret } from "../../support/signed-webhook.ts";

const [first, second] = [aWebhookSecret(), aWebhookSecret()];
const stored = (webhook_secrets?: unknown) => JSON.stringify({ client_id: "c", client_secret: "s", webhook_secrets });

/** Keys read from a secret that holds these values, one after the other. */
const aStage = (...values: readonly string[]) => {
  const surroundings = createMemorySurroundings();
  const held = [...values];
  let reads = 0;
  const send = async ({ input }: { readonly input: { readonly SecretId: string } }) => {
    reads += 1;
    if (input.SecretId !== "the-arn") throw new Error("another secret was asked for");
    return { SecretString: held.length > 1 ? held.shift() : held[0] };
  };
  const keys = createWebhookKeys({ send } as never, "the-arn", surroundings.now);
  const texts = async (read: keyof typeof keys) =>
    (await keys[read]())?.map((key) => Buffer.from(key).toString("base64"));
  return { texts, advance: surroundings.advance, reads: () => reads };
};

describe("the keys of webhooks", () => {
  it("are kept for five minutes", async () => {
    const { texts, advance, reads } = aStage(stored([first]), stored([second]));
    expect(await texts("read")).toEqual([first]);
    advance(5 * 60_000 - 1);
    expect([await texts("read"), reads()]).toEqual([[first], 1]);
    advance(1);
    expect([await texts("read"), reads()]).toEqual([[second], 2]);
  });

  it("are read anew also when they were not read before", async () => {
    expect(await aStage(stored([first])).texts("readAnew")).toEqual([first]);
  });

  it("are read anew when it is asked for, every 30 seconds at most", async () => {
    const { texts, advance, reads } = aStage(stored([first]), stored([second, first]));
    await texts("read");
    for (let forgery = 0; forgery < 1_000; forgery += 1) expect(await texts("readAnew")).toBeUndefined();
    advance(30_000 - 1);
    expect([await texts("readAnew"), reads()]).toEqual([undefined, 1]);
    advance(1);
    expect(await texts("readAnew")).toEqual([second, first]);
    expect([await texts("readAnew"), await texts("read"), reads()]).toEqual([undefined, [second, first], 2]);
  });

  it.each([
    ["not there", stored()],
    ["null", stored(null)],
    ["empty", stored([])],
    ["not there yet: what a deploy makes is no JSON", "Zx3!kPq"],
  ])("are none when the list is %s", async (_, value) => {
    expect(await aStage(value).texts("read")).toEqual([]);
  });

  it.each([
    ["a text", stored(first)],
    ["an empty secret, which everybody knows", stored([first, ""])],
    ["a short one", stored([Buffer.alloc(15).toString("base64")])],
    ["one without its padding", stored([Buffer.alloc(17).toString("base64").replaceAll("=", "")])],
    ["one of another alphabet", stored(["--__5kEWLlfzsGNjH64I8lOOqUB6e8FH"])],
    ["another product's prefix", stored([`whsec_${first}`])],
    ["a number", stored([1])],
  ])("are not read out of %s, and the error has a name for the log", async (_, value) => {
    await expect(aStage(value).texts("read")).rejects.toMatchObject({
      name: "WebhookSecretsMalformed",
      message: expect.stringContaining("docs/deploy.md"),
    });
  });
});
