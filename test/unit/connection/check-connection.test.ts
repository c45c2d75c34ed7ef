/** What asking Finch about a connection changes, by what it answers. */
import { describe, expect, it } from "vitest";
import { checkConnection } from "#shared/connection/check-connection.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { IntrospectAnswer } from "#shared/connection/finch-port.ts";
import { aDisconnect, anIntrospection, minute, newConnectionId, nthVersion } from "../../support/builders.ts";
import { createCheckSetting, day, entity, hour, rateLimited, says, signedOut, unpaid } from "./check-setting.ts";

const later = (date: Date, milliseconds: number) => new Date(date.getTime() + milliseconds);

describe("a look at a connection", () => {
  it("stores what Finch says", async () => {
    const { check, finchSays, before, stored, now, told, asked } = await createCheckSetting(["e1"]);
    const introspection = anIntrospection({
      entities: [entity("e1", "West")],
      products: ["company"],
      companyId: "new",
    });
    finchSays({ kind: "introspected", introspection });
    const [token = expect.fail()] = before.tokens;
    const expected: Connection = {
      ...before,
      companyId: "new",
      entities: [entity("e1", "West")],
      authenticationMethods: introspection.authenticationMethods,
      username: "good_user",
      lastSuccessfulSync: introspection.lastSuccessfulSync,
      tokens: [{ ...token, products: ["company"] }],
      introspectedAt: now(),
      nextCheckAt: later(now(), day),
      updatedAt: now(),
      version: nthVersion(2),
    };
    expect(await check()).toEqual({ ok: true, value: expected });
    expect(await stored()).toEqual(expected);
    expect(asked()).toEqual([0]);
    expect(told()).toEqual([]);
  });

  it("remembers when it began: what happened while Finch was asked may not be in the answer", async () => {
    const { check, finch, stored, now, advance } = await createCheckSetting();
    const began = now();
    finch.willAnswerIntrospect(async () => {
      advance(10_000);
      return says();
    });
    await check();
    expect(await stored()).toMatchObject({ introspectedAt: began, updatedAt: later(began, 10_000) });
  });

  it("keeps what a token opens when Finch lists no entities", async () => {
    const { check, finchSays, stored } = await createCheckSetting(["e1"]);
    finchSays(says({ entities: [], companyId: null, username: null, lastSuccessfulSync: null }));
    await check();
    const { entities, tokens, companyId } = await stored();
    expect([entities[0]?.id, tokens[0]?.entityIds, companyId]).toEqual(["e1", ["e1"], "company-1"]);
  });

  it("asks again when the connection changed while Finch was asked", async () => {
    const { check, finch, before, stored, connections, now, asked } = await createCheckSetting(["e1"]);
    finch.willAnswerIntrospect(
      async () => {
        await connections.replace({ ...before, username: "changed", version: nthVersion(2), updatedAt: now() }, []);
        return { kind: "invalid_token" };
      },
      says({ username: "said last" }),
    );
    await check();
    expect(await stored()).toMatchObject({ finchStatus: "connected", username: "said last", version: nthVersion(3) });
    expect(asked()).toHaveLength(2);
  });

  it("answers what is stored when the connection changes each time, and does not fail", async () => {
    const { check, finch, before, stored, connections, now, sleeps } = await createCheckSetting(["e1"]);
    for (let look = 2; look <= 6; look += 1) {
      finch.willAnswerIntrospect(async () => {
        const next = { ...before, label: `changed ${look}`, version: nthVersion(look), updatedAt: now() };
        await connections.replace(next, []);
        return signedOut;
      });
    }
    expect(await check()).toEqual({ ok: true, value: await stored() });
    expect(await stored()).toMatchObject({ finchStatus: "connected", label: "changed 6" });
    expect(sleeps).toEqual([50, 100, 150, 200, 250]);
  });

  it("does not know a connection of another customer, or none", async () => {
    const { deps, connectionId, customerId, createCustomer, asked } = await createCheckSetting();
    const check = checkConnection(deps);
    const unknown = { ok: false, refusal: { reason: "connection_unknown" } };
    expect(await check(await createCustomer("globex"), connectionId)).toEqual(unknown);
    expect(await check(customerId, newConnectionId())).toEqual(unknown);
    expect(asked()).toEqual([]);
  });

  it("leaves one that is being disconnected to the driver", async () => {
    const { check, before, stored, connections, asked } = await createCheckSetting();
    const next = { ...before, disconnect: aDisconnect(), version: before.version + 1 };
    await connections.replace(next, []);
    expect(await check()).toEqual({ ok: true, value: next });
    expect([await stored(), asked()]).toEqual([next, []]);
  });
});

describe("trouble that is not the connection's", () => {
  it.each<[string, IntrospectAnswer]>([
    ["the platform has not paid", unpaid],
    ["the platform's requests are refused", { kind: "platform_trouble", reason: "invalid_client_error" }],
    ["too many requests", rateLimited],
    ["Finch is down", { kind: "undecided", reason: "server_error" }],
    ["nothing that can be read", { kind: "undecided", reason: "unreadable" }],
    ["no answer", { kind: "undecided", reason: "timeout" }],
  ])("changes nothing but when it is looked at next: %s", async (_, answer) => {
    const { check, finchSays, before, stored, told, now } = await createCheckSetting();
    finchSays(answer);
    expect(await check()).toEqual({ ok: false, refusal: { reason: "finch", answer } });
    expect(await stored()).toEqual({ ...before, nextCheckAt: later(now(), 30 * minute) });
    expect(told()).toEqual([]);
  });

  it("that keeps Finch from being asked lets it be asked as soon as it may be", async () => {
    const { check, finchSays, before, stored, now } = await createCheckSetting();
    finchSays({ kind: "undecided", reason: "budget_used_up", retryAfterSeconds: 90 });
    expect(await check()).toMatchObject({ ok: false, refusal: { reason: "finch" } });
    expect(await stored()).toEqual({ ...before, nextCheckAt: later(now(), 90_000) });
  });

  it.each([
    ["brings a look forward that was far", 20 * hour, 30 * minute],
    ["leaves one that comes sooner", 10 * minute, 10 * minute],
    ["moves one that is due, so that others come first", -minute, 30 * minute],
    ["moves one that falls due at that moment", 0, 30 * minute],
  ])("%s", async (_, dueIn, expected) => {
    const { check, finchSays, before, stored, connections, now } = await createCheckSetting();
    await connections.postpone(before, later(now(), dueIn));
    finchSays({ kind: "undecided", reason: "server_error" });
    await check();
    expect(await stored()).toEqual({ ...before, nextCheckAt: later(now(), expected) });
  });
});

describe("the next look", () => {
  it.each<[string, IntrospectAnswer, number]>([
    ["a day after a healthy one", says(), 24],
    ["a day after one that Finch still works on", says({ status: "processing" }), 24],
    ["four hours after one in trouble", signedOut, 4],
    ["four hours after one of whose entities one is in trouble", says({ entities: [entity("e1", null, "reauth")] }), 4],
  ])("is %s", async (_, answer, hours) => {
    const { check, finchSays, stored, now } = await createCheckSetting();
    finchSays(answer);
    await check();
    expect((await stored()).nextCheckAt).toEqual(later(now(), hours * hour));
  });

  it("is up to a tenth earlier by chance", async () => {
    const { deps, finchSays, stored, now, customerId, connectionId } = await createCheckSetting();
    finchSays(says());
    await checkConnection({ ...deps, randomBytes: () => Uint8Array.of(255) })(customerId, connectionId);
    expect((await stored()).nextCheckAt).toEqual(later(now(), 0.9 * day));
  });
});
