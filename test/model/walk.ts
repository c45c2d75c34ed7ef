/** Steps that are more than one use case: a way through Connect, and a sweep with all that it sets going. */
import { createConnectSession, createReauthenticateSession } from "#shared/connection/create-connect-session.ts";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import { openConnectSession } from "#shared/connection/open-connect-session.ts";
import { publishEvents } from "#shared/connection/publish-events.ts";
import type { Point } from "../faults/faulty-ports.ts";
import { cookie } from "./actions-of-sessions.ts";
import { observe, settleOn, wrong } from "./compare.ts";
import type { SignIn } from "./finch.ts";
import { isAtLimit, type Model, type ModelSession } from "./model.ts";
import { functionLifeMs, type Perch, type Ports, returnOrigin } from "./perch.ts";

/** What a session is asked for with. */
export interface Asked {
  readonly customerId: string;
  /** The connection that is to be signed in again. */
  readonly reauthenticates: string | null;
  readonly mode: "redirect" | "embedded";
  readonly requireAcceptance: boolean;
}

const create = (ports: Ports, { customerId, reauthenticates, mode, requireAcceptance }: Asked) => {
  const request = {
    customerId: customerId as CustomerId,
    mode,
    returnUrl: `${returnOrigin}/back`,
    minutesToExpire: 60,
  };
  return reauthenticates === null
    ? createConnectSession(ports)({
        ...request,
        products: ["company", "directory", "payment"],
        integration: null,
        requireAcceptance,
        sandbox: undefined,
      })
    : createReauthenticateSession(ports)({
        ...request,
        connectionId: reauthenticates as ConnectionId,
        products: null,
      });
};

/** Whether Perch must make the session. */
const isGranted = (model: Model, perch: Perch, { customerId, reauthenticates }: Asked): boolean => {
  if (model.customers.get(customerId)?.isDeleting !== false || perch.finch.trouble() !== undefined) return false;
  if (reauthenticates === null) return !isAtLimit(model, customerId);
  const connection = model.connections.get(reauthenticates);
  return connection?.customerId === customerId && connection.ending === null;
};

/** The platform asks for a session, and its customer goes through Connect: the session, which waits for its code; or none. */
export const walkThroughConnect = async (
  model: Model,
  perch: Perch,
  asked: Asked,
  signIn: SignIn,
  fault?: Point,
): Promise<string | undefined> => {
  const { customerId, reauthenticates, mode } = asked;
  const what = reauthenticates === null ? "connects" : `signs ${reauthenticates} in again`;
  perch.story.push(
    `${customerId} ${what} (${mode}${asked.requireAcceptance ? ", to be accepted" : ""}): person ${signIn.person} at employer ${signIn.employer}, ${signIn.products.join("+")}, ${signIn.all ? "all entities" : "one entity"}${fault ? ` [await ${fault.call} ${fault.fault}]` : ""}`,
  );
  const mayBegin = isGranted(model, perch, asked);
  const { value: created, wasFaulty } = await perch.run(fault, functionLifeMs, (ports) => create(ports, asked));
  const life = model.customers.get(customerId)?.life ?? 0;
  const session: ModelSession = {
    customerId,
    life,
    reauthenticates,
    requireAcceptance: reauthenticates === null && asked.requireAcceptance,
    state: "open",
  };
  if (!created?.ok) {
    if (!wasFaulty && mayBegin) throw wrong(perch, "the session was refused");
    // Made, and nobody was told.
    for (const id of observe(perch).sessions.keys()) {
      if (!model.sessions.has(id)) settleOn(model, perch, [{ sessions: { [id]: session } }]);
    }
    return undefined;
  }
  if (!mayBegin) throw wrong(perch, "the session should have been refused");
  const { sessionId, finchConnectUrl } = created.value.session;
  settleOn(model, perch, [{ sessions: { [sessionId]: session } }]);
  const finchSessionId = new URL(finchConnectUrl).searchParams.get("session") ?? "";
  const opened =
    mode === "redirect"
      ? await openConnectSession(perch.ports)(created.value.connectUrl?.split("/").at(-1) ?? "", cookie)
      : undefined;
  const state =
    opened?.kind === "to_finch" ? new URL(opened.location).searchParams.get("state") : created.value.embedded?.state;
  const code = perch.finch.signIn(finchSessionId, signIn);
  perch.story.push(`… ${sessionId} comes back with ${code ?? "nothing"}`);
  if (state == null || code === undefined) return undefined;
  model.browsers.set(sessionId, { mode, state, code });
  return sessionId;
};

/** The table's stream brings the events to the publisher. */
export const publish = async (perch: Perch, fault?: Point): Promise<void> => {
  perch.story.push(`events are published${fault ? ` [await ${fault.call} ${fault.fault}]` : ""}`);
  await perch.run(fault, functionLifeMs, (ports) => publishEvents(ports)([...perch.memory.outbox.values()]));
};
