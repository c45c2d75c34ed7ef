/** The use cases as callers of a run, and what they were told. */
import {
  acceptConnection,
  discardConnection,
  labelConnection,
  requestDisconnect,
} from "#shared/connection/change-connection.ts";
import { checkConnection } from "#shared/connection/check-connection.ts";
import { sessionStatus } from "#shared/connection/connect-session.ts";
import { driveDisconnect } from "#shared/connection/drive-disconnect.ts";
import { type ExchangeResult, exchangeAuthorizationCode } from "#shared/connection/exchange-authorization-code.ts";
import type { TokenGrant } from "#shared/connection/finch-port.ts";
import type { ConnectionId, CustomerId, SessionId } from "#shared/connection/identifiers.ts";
import { importConnection } from "#shared/connection/import-connection.ts";
import { endOpening } from "#shared/connection/open-connect-session.ts";
import { sweepDue } from "#shared/connection/sweep-due.ts";
import { minute } from "../support/builders.ts";
import type { Caller } from "./run.ts";
import { broughtBack, cookie } from "./world.ts";

/** What is noted of a run, in the order in which callers were answered. */
export type Told = string[];

interface Brought {
  readonly state: string;
  readonly code: string;
}

/** The life of the function that exchanges codes. */
const lifeMs = 7 * minute;

/** A callback. Notes `completed connected`, `failed connection_limit`, `in_progress`, `refused spent` and the like. */
export const callback =
  (brought: Brought, told: Told = []): Caller =>
  async (deps) => {
    const deadline = new Date(deps.now().getTime() + lifeMs);
    told.push(describe(await exchangeAuthorizationCode(deps)(broughtBack(brought), deadline)));
  };

const describe = (result: ExchangeResult): string => {
  if (result.status === "refused") return `refused ${result.reason}`;
  if (result.status === "in_progress") return "in_progress";
  const { status, outcome, failureReason } = result.session;
  return `${status} ${outcome ?? failureReason}`;
};

/** The browser comes back without a code, as after a denial. */
export const comeBackEmpty =
  ({ state }: Brought): Caller =>
  (deps) =>
    endOpening(deps)(state, cookie);

/** The backend cancels. Notes `cancelled`, or `not cancelled: exchanging` and the like. */
export const cancel =
  (sessionId: SessionId, told: Told): Caller =>
  async ({ sessions, now }) => {
    const cancelled = await sessions.cancel(sessionId, now());
    if (cancelled.ok) told.push("cancelled");
    else if (cancelled.refusal.reason === "unknown") told.push("unknown");
    else told.push(`not cancelled: ${sessionStatus(cancelled.refusal.session, now())}`);
  };

type Change = typeof acceptConnection | typeof discardConnection | typeof requestDisconnect;

const change =
  (name: string, useCase: Change) =>
  (customerId: CustomerId, connectionId: ConnectionId, told: Told = []): Caller =>
  async (deps) => {
    const changed = await useCase(deps)(customerId, connectionId);
    told.push(changed.ok ? name : `${name}: ${changed.refusal.reason}`);
  };

/** Notes `accept`, or `accept: not_held` and the like. */
export const accept = change("accept", acceptConnection);
export const discard = change("discard", discardConnection);
export const askToDisconnect = change("disconnect", requestDisconnect);

/** The backend names the connection. */
export const label =
  (customerId: CustomerId, connectionId: ConnectionId): Caller =>
  (deps) =>
    labelConnection(deps)(customerId, connectionId, { label: "Head office" });

/** One step of the driver, and one more if it throws: its queue brings the message again. */
export const drive =
  (customerId: CustomerId, connectionId: ConnectionId): Caller =>
  async (deps) => {
    const step = () => driveDisconnect(deps)(customerId, connectionId);
    await step().catch(step);
  };

/** Notes `introspected`, or why not. */
export const introspect =
  (customerId: CustomerId, connectionId: ConnectionId, told: Told = []): Caller =>
  async (deps) => {
    const seen = await checkConnection(deps)(customerId, connectionId);
    told.push(seen.ok ? "introspected" : seen.refusal.reason);
  };

/** The backend brings a token that it has. Notes `imported`, or why not. */
export const bring =
  (customerId: CustomerId, { accessToken }: TokenGrant, told: Told = []): Caller =>
  async (deps) => {
    const imported = await importConnection(deps)(customerId, accessToken);
    told.push(imported.ok ? "imported" : imported.refusal.reason);
  };

/** The sweep, once at its time. */
export const sweep: Caller = (deps) => sweepDue(deps)();

/** One after the other. */
export const inTurn =
  (...callers: readonly Caller[]): Caller =>
  async (deps) => {
    for (const call of callers) await call(deps);
  };
