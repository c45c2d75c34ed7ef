/** A `customer_id` may be made again: what its former life is to the next. */
import { describe, expect, it } from "vitest";
import type { ConnectSession } from "#shared/connection/connect-session.ts";
import { driveDeletion } from "#shared/connection/drive-deletion.ts";
import { openConnectSession } from "#shared/connection/open-connect-session.ts";
import { sweepDue } from "#shared/connection/sweep-due.ts";
import { aGrant, minute, noon } from "../../support/builders.ts";
import { createDeletionSetting as createStage } from "./deletion-setting.ts";

describe("the former life of a customer", () => {
  const formerLife = async (changes: Partial<ConnectSession> = {}) => {
    const stage = await createStage();
    const opened = await stage.openSession(stage.acme, changes);
    await stage.finish((await stage.remove()).deletionId);
    expect(await stage.putAgain()).toMatchObject({ ok: true, value: { created: true } });
    return { ...stage, opened };
  };

  it("leaves no session, no way to open one, and no state to come back with", async () => {
    const { deps, opened, exchange, sessions, finch } = await formerLife();
    expect(await sessions.find(opened.session.sessionId)).toBeUndefined();
    expect(await openConnectSession(deps)(opened.state, undefined)).toEqual({ kind: "ended" });
    expect(await exchange(opened.state)).toEqual({ status: "refused", reason: "unknown" });
    expect(finch.calls).toEqual([]);
  });

  it("leaves no embedded state", async () => {
    const { acme, opened, exchange, finch } = await formerLife({ mode: "embedded" });
    const brought = await exchange(opened.state, { holder: { embeddedFor: acme } });
    expect([brought, finch.calls]).toEqual([{ status: "refused", reason: "unknown" }, []]);
  });

  it.each(["its own", "late"])(
    "brings no token into the next: what comes too late is dropped, and its loss was told (%s clock)",
    async (clock) => {
      const { acme, deps, openSession, exchange, finch, advance, remove, finish, putAgain, stored, events } =
        await createStage();
      const { state } = await openSession(acme);
      finch.willAnswerExchange(async () => {
        // The process hangs for longer than its lease; the sweep gives its session up, and the deletion ends without it.
        const { deletionId } = await remove();
        advance(20 * minute);
        await sweepDue(deps)();
        await finish(deletionId);
        await putAgain();
        return { kind: "granted", grant: aGrant() };
      });
      if (clock === "its own") {
        await expect(exchange(state)).rejects.toThrow("deadline");
      } else {
        const late = await exchange(state, {}, { dependencies: { ...deps, now: () => noon } });
        expect(late).toMatchObject({ session: { status: "failed", failureReason: "customer_mismatch" } });
      }
      expect(stored()).toEqual({ customers: 1, sessions: 0, owners: 0, connections: 0, tokens: 0 });
      expect(events().filter(({ type }) => type === "ConnectSessionFailed")).toMatchObject([
        { customerId: acme, detail: { reason: "token_lost" } },
      ]);
    },
  );

  it("takes no token any more once its sessions are erased: the deletion does not end over it", async () => {
    const { acme, deps, openSession, exchange, finch, advance, remove, finish, stored } = await createStage();
    const { state } = await openSession(acme, { requireAcceptance: true });
    let deletion: Awaited<ReturnType<typeof remove>> | undefined;
    finch.willAnswerExchange(async () => {
      deletion = await remove();
      advance(20 * minute);
      await sweepDue(deps)();
      // The sessions go in this step, and the record in the next.
      expect(await driveDeletion(deps)(deletion.deletionId)).toMatchObject({ step: "more" });
      return { kind: "granted", grant: aGrant() };
    });
    const late = await exchange(state, {}, { dependencies: { ...deps, now: () => noon } });
    expect(late).toMatchObject({ session: { failureReason: "customer_deleting" } });
    await finish(deletion?.deletionId ?? expect.fail());
    expect(stored()).toEqual({ customers: 0, sessions: 0, owners: 0, connections: 0, tokens: 0 });
  });
});
