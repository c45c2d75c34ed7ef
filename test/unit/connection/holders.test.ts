/** Who may bring a `state`: the browser that opened the link, or (embedded) the customer's own backend. */
import { describe, expect, it } from "vitest";
import { createCapability } from "#shared/connection/capability.ts";
import { holderHash } from "#shared/connection/connect-session.ts";
import { aGrant, anOpening, aSession } from "../../support/builders.ts";
import { cookie, createSetting } from "./setting.ts";

const otherHolder = { status: "refused", reason: "other_holder" } as const;

/** An embedded session, and its `state`, which is made with it. */
const createStage = async () => {
  const setting = createSetting();
  const [acme, globex] = [await setting.createCustomer("acme"), await setting.createCustomer("globex")];
  const { incarnation = "" } = (await setting.customers.find(acme)) ?? {};
  const session = aSession({ customerId: acme, incarnation, mode: "embedded", returnUrl: null });
  const state = createCapability(session.sessionId, setting.randomBytes(32));
  const opening = anOpening({ stateHash: state.hash, holderHash: holderHash({ embeddedFor: acme }) });
  await setting.sessions.create({ ...session, openings: [opening] });
  return { ...setting, acme, globex, session, state: state.text };
};

describe("an embedded state", () => {
  it("is taken from its own customer's backend only", async () => {
    const { exchange, state, acme, globex, finch } = await createStage();
    finch.willAnswerExchange({ kind: "granted", grant: aGrant() });
    expect(await exchange(state, { holder: { embeddedFor: globex } })).toEqual(otherHolder);
    expect(finch.calls).toEqual([]);
    expect(await exchange(state, { holder: { embeddedFor: acme } })).toMatchObject({
      status: "ended",
      session: { status: "completed", customerId: acme },
    });
    expect(await exchange(state, { holder: { embeddedFor: globex } })).toEqual(otherHolder);
    // Connect was opened without a redirect address.
    expect(finch.calls).toMatchObject([{ operation: "exchangeCode", redirectUri: null }]);
  });

  it("is refused to every browser, whatever its cookie", async () => {
    const { exchange, state, acme, finch } = await createStage();
    finch.willAnswerExchange({ kind: "granted", grant: aGrant() });
    for (const brought of [cookie, acme, "", undefined]) {
      expect(await exchange(state, { cookie: brought })).toEqual(otherHolder);
    }
    expect(finch.calls).toEqual([]);
  });
});

it("a browser's state is refused to its customer's backend", async () => {
  const { exchange, openSession, acme, finch } = await createStage();
  const { state } = await openSession(acme);
  expect(await exchange(state, { holder: { embeddedFor: acme } })).toEqual(otherHolder);
  expect(finch.calls).toEqual([]);
});
