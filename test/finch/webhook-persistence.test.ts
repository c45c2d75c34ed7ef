import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startFinch } from "./support.ts";
import { registerAt, startReceiver, webhookSecret } from "./webhook-receiver.ts";

const aStateFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "finch-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "finch.json");
};

it("what is not delivered yet outlives a simulator, and waits until the address is registered again", async () => {
  const stateFile = aStateFile();
  const receiver = await startReceiver(500, 200, 200);
  const before = await startFinch({ stateFile });
  const { log } = await registerAt(before, receiver.url);
  const { connection_id: connectionId } = await before.connectAndExchange();
  await expect.poll(async () => (await log()).deliveries[0]?.attempts.length).toBe(1);
  await before.control("POST", "webhooks/rules", { kind: "hold" });
  await before.control("POST", `connections/${connectionId}`, { status: "reauth" });
  const logBefore = (await log()).deliveries;
  await before.simulator.close();
  expect(readFileSync(stateFile, "utf8")).not.toContain(webhookSecret);

  const after = await startFinch({ stateFile });
  const { body } = await after.control("GET", "webhooks");
  expect(body).toMatchObject({ endpoint: null, rules: [], deliveries: logBefore });
  const { log: logAfter } = await registerAt(after, receiver.url);
  await after.control("POST", "webhooks/release");
  await after.control("POST", "webhooks/retry");
  await expect
    .poll(async () => (await logAfter()).deliveries.map(({ status }) => status))
    .toEqual(["delivered", "delivered"]);
  const ids = receiver.received.map(({ headers }) => headers["finch-event-id"]);
  expect(ids.toSorted()).toEqual([ids[0], ...logBefore.map(({ eventId }) => eventId)].toSorted());
});

it("an attempt that is under way when the simulator ends counts as none, and is made again", async () => {
  const stateFile = aStateFile();
  const receiver = await startReceiver(0);
  const before = await startFinch({ stateFile });
  await registerAt(before, receiver.url);
  await before.connectAndExchange();
  await expect.poll(() => receiver.received.length).toBe(1);
  await before.simulator.close();

  const after = await startFinch({ stateFile });
  const { log } = await registerAt(after, receiver.url);
  await expect.poll(async () => (await log()).deliveries).toMatchObject([{ status: "delivered", attempts: [{}] }]);
  expect((await log()).deliveries[0]?.attempts).toHaveLength(1);
  const ids = receiver.received.map(({ headers }) => headers["finch-event-id"]);
  expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
});
