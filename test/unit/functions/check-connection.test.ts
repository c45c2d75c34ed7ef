/** The function that answers requests for looks: what it logs and acknowledges, and what comes again. */
import { describe, expect, it } from "vitest";
import type { CheckRequest } from "#shared/connection/check-request.ts";
import { createLog } from "#shared/log.ts";
import { createHandler } from "../../../functions/check-connection/handler.ts";
import { minute } from "../../support/builders.ts";
import { createCheckWorld } from "../../support/check-world.ts";

const createLines = () => {
  const lines: Record<string, unknown>[] = [];
  return { lines, log: createLog((line) => lines.push(JSON.parse(line))) };
};

describe("check-connection", () => {
  const createStage = async () => {
    const world = await createCheckWorld(2);
    const { lines, log } = createLines();
    const { connections, webhooks } = world;
    const messages = new Map<string, CheckRequest>();
    const readMessage = (body: string) => messages.get(body) ?? expect.fail("malformed message");
    const handler = createHandler({
      ...world.looking,
      connections,
      webhooks,
      log,
      readMessage,
      afterLook: async () => {},
    });
    const ask = (name: string, index: number, changes: Partial<CheckRequest> = {}) => {
      const { customerId, connectionId } = world.made[index] ?? expect.fail();
      messages.set(name, { customerId, connectionId, reason: "connected", askedAt: world.now(), ...changes });
      return { messageId: name, body: name };
    };
    return { ...world, handler, lines, ask };
  };
  const reasonsOf = (lines: readonly Record<string, unknown>[]) => lines.map(({ reason }) => reason);

  it("looks at each connection that a message names, and once for messages of one moment", async () => {
    const { handler, ask, lines, changed, advance } = await createStage();
    advance(minute);
    const asked = [ask("a", 0), ask("b", 1)];
    advance(minute);
    expect(await handler({ Records: [...asked, ask("c", 0, { askedAt: new Date(0) })] })).toEqual({
      batchItemFailures: [],
    });
    expect(reasonsOf(lines)).toEqual(["looked", "looked", "answered_before"]);
    expect(changed()).toHaveLength(2);
  });

  it("acknowledges what Finch does not answer: no message ends in the dead letters because Finch is down", async () => {
    const { handler, ask, lines, changed, finchSays } = await createStage();
    finchSays(() => ({ kind: "undecided", reason: "server_error" }));
    expect(await handler({ Records: [ask("a", 0)] })).toEqual({ batchItemFailures: [] });
    expect([reasonsOf(lines), changed()]).toEqual([["undecided"], []]);
  });

  it("acknowledges a request for another life of the connection, or for none", async () => {
    const { handler, ask, lines, callTimes } = await createStage();
    const Records = [ask("a", 0, { madeAt: new Date(0) }), ask("b", 1, { connectionId: "gone" as never })];
    expect(await handler({ Records })).toEqual({ batchItemFailures: [] });
    expect([reasonsOf(lines), callTimes]).toEqual([["void", "void"], []]);
  });

  it("has a message come again that is malformed or whose token does not open, and blocks no other", async () => {
    const { handler, ask, looking, lines, changed } = await createStage();
    let opened = 0;
    const { open } = looking.vault;
    Object.assign(looking.vault, {
      open: async (...given: Parameters<typeof open>) => {
        opened += 1;
        if (opened === 1) throw new Error("KMS is away");
        return open(...given);
      },
    });
    const Records = [{ messageId: "bad", body: "{}" }, ask("a", 0), ask("b", 1)];
    expect(await handler({ Records })).toEqual({
      batchItemFailures: [{ itemIdentifier: "bad" }, { itemIdentifier: "a" }],
    });
    expect(changed()).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain("KMS is away");
  });
});
