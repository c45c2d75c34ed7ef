/** A connection with tokens of which a test says what Finch answers. */
import { expect } from "vitest";
import { hashOf } from "#shared/connection/capability.ts";
import { checkConnection } from "#shared/connection/check-connection.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { IntrospectAnswer, Introspection } from "#shared/connection/finch-port.ts";
import { secret } from "#shared/secret.ts";
import { aGrant, anIntrospection, minute, newConnectionId } from "../../support/builders.ts";
import { createSetting } from "./setting.ts";

export const hour = 60 * minute;
export const day = 24 * hour;

/** Finch introspects a token. */
export const says = (changes: Partial<Introspection> = {}): IntrospectAnswer => ({
  kind: "introspected",
  introspection: anIntrospection(changes),
});
/** Some trouble that is not the connection's. */
export const rateLimited: IntrospectAnswer = { kind: "undecided", reason: "rate_limited" };
export const unpaid: IntrospectAnswer = { kind: "platform_trouble", reason: "payment_required" };
export const invalid: IntrospectAnswer = { kind: "invalid_token" };
export const signedOut: IntrospectAnswer = { kind: "reauthenticate_user" };

export const entity = (id: string, name: string | null = null, status: string | null = "connected") => ({
  ...{ id, name, sourceId: null },
  status,
});

/** The text of the n-th token, the oldest first. */
const textOf = (index: number) => `not-a-real-token-${index}`;

/** A connection with one token for each of these lists of entities, the last of which is the newest. */
export const createCheckSetting = async (...entityIds: readonly (readonly string[])[]) => {
  const setting = createSetting();
  const customerId = await setting.createCustomer("acme");
  const connectionId = newConnectionId();
  const bringToken = async (index: number, ids: readonly string[]) => {
    const grant = aGrant({ connectionId, entityIds: ids, accessToken: secret(textOf(index)) });
    // A session of that day.
    await setting.bring(customerId, grant, { expiresAt: new Date(setting.now().getTime() + hour) });
  };
  for (const [index, ids] of (entityIds.length > 0 ? entityIds : [["e1"]]).entries()) await bringToken(index, ids);
  setting.advance(minute);
  const before = (await setting.connections.find(customerId, connectionId)) ?? expect.fail();
  // Chance takes nothing off the interval.
  const deps = { ...setting.deps, randomBytes: (length: number) => new Uint8Array(length) };
  const stored = async (): Promise<Connection> =>
    (await setting.connections.find(customerId, connectionId)) ?? expect.fail();
  const toldBefore = setting.events().length;
  return {
    ...setting,
    ...{ deps, customerId, connectionId, before, stored, bringToken },
    check: () => checkConnection(deps)(customerId, connectionId),
    /** What Finch says from now on, token by token, the oldest first. */
    finchSays: (...answers: readonly IntrospectAnswer[]) => {
      for (const [index, answer] of answers.entries()) setting.finch.saysOf(textOf(index), answer);
    },
    /** What was told since the setting was made. */
    told: () =>
      setting
        .events()
        .slice(toldBefore)
        .map(({ type, detail }) => [type, detail]),
    /** Which tokens Finch was asked about, by their numbers. */
    asked: () =>
      setting.finch.calls.flatMap((call) =>
        call.operation === "introspect"
          ? [[0, 1, 2, 3].findIndex((n) => hashOf(textOf(n)) === call.accessTokenHash)]
          : [],
      ),
  };
};
