/** What the steps of a roster throw and log: Step Functions keeps it for 90 days, in clear. */
import { randomInt } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createHandler as createReadHandler } from "../../../functions/read-roster-page/handler.ts";
import { createHandler as createReconcileHandler } from "../../../functions/reconcile-roster/handler.ts";
import { createLogRecorder } from "../http/support.ts";
import { ann, bea, createRosterSetting } from "./setting.ts";

const context = { getRemainingTimeInMillis: () => 900_000 };

const stage = async () => {
  const setting = await createRosterSetting();
  const { connectionId } = await setting.employ([ann, bea]);
  const roster = await setting.start();
  const { log, lines } = createLogRecorder();
  const about = { customer_id: setting.acme, roster_id: roster.rosterId, connection_id: connectionId };
  return { ...setting, log, lines, about };
};

describe("a step of a roster", () => {
  it.each(["read", "give_up", "plan", "reconcile", "fail"])(
    "throws one sentence, whatever was thrown in it: %s",
    async (step) => {
      const { deps, log, lines, about } = await stage();
      const canary = `${ann.last} 9${randomInt(10, 100)}-${randomInt(10, 100)}-${randomInt(1_000, 10_000)}`;
      const find = () => Promise.reject(new TypeError(`no ${canary}`, { cause: canary }));
      const broken = { ...deps, log, rosters: { ...deps.rosters, find } };
      const isRead = step === "read" || step === "give_up";
      const handler = isRead ? createReadHandler(broken) : createReconcileHandler(broken);
      const thrown = await handler({ ...about, step }, context).catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(Error);
      const { message, cause, stack } = thrown as Error;
      expect([message, cause]).toEqual(["a step of a roster has failed", undefined]);
      expect(`${stack} ${JSON.stringify(lines)}`).not.toContain(canary);
      expect(lines).toMatchObject([{ level: "ERROR", reason: step, error_name: "TypeError" }]);
    },
  );
});
