/** What may happen, as commands that fast-check draws, runs and shrinks. */
import fc from "fast-check";
import { sessionStatus } from "#shared/connection/connect-session.ts";
import type { SessionId } from "#shared/connection/identifiers.ts";
import type { Point } from "../faults/faulty-ports.ts";
import { type Action, carryOut, race, unchanged } from "./action.ts";
import { accept, discard, disconnect, drive, look } from "./actions-of-connections.ts";
import { bringCode, bringToken } from "./actions-of-sessions.ts";
import { command, customer, fault, hasConnections, mode, pick, seldom, signIn, some } from "./command.ts";
import { commandsInTheBackground } from "./commands-in-the-background.ts";
import { commandsOfTheWorld } from "./commands-of-the-world.ts";
import { settleOn } from "./compare.ts";
import { remove } from "./deletions.ts";
import { disconnectEntity } from "./entities.ts";
import { shown } from "./finch.ts";
import type { Model } from "./model.ts";
import type { Perch } from "./perch.ts";
import { walkThroughConnect } from "./walk.ts";

const withCode = ({ browsers }: Model) => [...browsers.keys()];

/** The connection that a number stands for, and its customer; now and then somebody else names it. */
const named = (model: Model, drawn: number): readonly [customerId: string, connectionId: string] => {
  const [connectionId, { customerId }] = pick(model.connections, drawn);
  return [drawn === 11 ? "initech" : customerId, connectionId];
};

/** One of a connection's entities, or now and then none of it. */
const entityOf = (model: Model, of: number, which: number): string => {
  const [, { entities }] = pick(model.connections, of);
  return pick([...Object.keys(entities), "elsewhere"], which);
};

/** Any action that meets another. */
const anAction = (model: Model, { kind, of, who }: { kind: number; of: number; who: string }): Action => {
  if (kind === 8) return remove(who);
  const codes = withCode(model);
  if (kind < 3 && codes.length > 0) return bringCode(pick(codes, of));
  if (kind === 3 && model.outside.length > 0) return bringToken(who, pick(model.outside, of));
  const [customerId, connectionId] = named(model, of);
  if (kind === 9) return disconnectEntity(customerId, connectionId, entityOf(model, of, of));
  return pick([accept, discard, disconnect, drive, look], kind)(customerId, connectionId);
};

const perform = (make: (model: Model, drawn: number) => Action) => ({
  drawn: fc.record({ of: some, fault }),
  step: (model: Model, perch: Perch, { of, fault }: { of: number; fault: Point | undefined }) =>
    carryOut(model, perch, make(model, of), fault),
});

const onConnection = (name: string, action: (customerId: string, connectionId: string) => Action) => {
  const { drawn, step } = perform((model, of) => action(...named(model, of)));
  return command(name, drawn, step, hasConnections);
};

const entity = command(
  "disconnect an entity",
  fc.record({ of: some, which: some, fault }),
  (model, perch, { of, which, fault }) =>
    carryOut(model, perch, disconnectEntity(...named(model, of), entityOf(model, of, which)), fault),
  hasConnections,
);

const connect = command(
  "connect",
  fc.record({ customerId: customer, mode, requireAcceptance: seldom, signIn, fault }),
  async (model, perch, { signIn, fault, ...asked }) => {
    const sessionId = await walkThroughConnect(model, perch, { ...asked, reauthenticates: null }, signIn);
    if (sessionId !== undefined) await carryOut(model, perch, bringCode(sessionId), fault);
  },
);

const walk = command(
  "walk through Connect",
  fc.record({ customerId: customer, mode, requireAcceptance: seldom, signIn, fault }),
  (model, perch, { signIn, fault, ...asked }) =>
    walkThroughConnect(model, perch, { ...asked, reauthenticates: null }, signIn, fault),
);

const reauthenticate = command(
  "reauthenticate",
  fc.record({ of: some, mode, signIn, sameAccount: fc.boolean(), now: fc.boolean(), fault }),
  async (model, perch, { of, mode, signIn, sameAccount, now, fault }) => {
    const [customerId, reauthenticates] = named(model, of);
    const there = [...perch.finch.connections.values()].find(({ connectionId }) => connectionId === reauthenticates);
    const who = sameAccount && there !== undefined ? { ...signIn, employer: there.employer } : signIn;
    const asked = { customerId, reauthenticates, mode, requireAcceptance: false };
    const sessionId = await walkThroughConnect(model, perch, asked, who);
    if (sessionId !== undefined && now) await carryOut(model, perch, bringCode(sessionId), fault);
  },
  hasConnections,
);

const code = perform((model, of) => bringCode(pick(withCode(model), of)));

const outside = command(
  "the platform gets a token without Perch",
  fc.record({ customerId: fc.option(customer), signIn }),
  async (model, perch, { customerId, signIn }) => {
    const token = perch.finch.issueOutside(customerId, signIn);
    if (token === undefined) return;
    perch.story.push(`the platform has ${shown(token.text)} of ${token.connectionId}`);
    model.outside.push(token.text);
  },
);

const importing = command(
  "import",
  fc.record({ customerId: customer, of: some, fault }),
  (model, perch, { customerId, of, fault }) =>
    carryOut(model, perch, bringToken(customerId, pick(model.outside, of)), fault),
  ({ outside }) => outside.length > 0,
);

const cancel = command(
  "cancel",
  some,
  async (model, perch, of) => {
    const id = pick(model.sessions.keys(), of);
    perch.story.push(`${id} is cancelled`);
    const session = model.sessions.get(id);
    const stored = perch.memory.sessions.get(id as SessionId);
    const isOpen = stored !== undefined && sessionStatus(stored, perch.now()) === "open";
    await perch.ports.sessions.cancel(id as SessionId, perch.now());
    const cancelled = session && { sessions: { [id]: { ...session, state: "cancelled" } } };
    settleOn(model, perch, [isOpen && cancelled ? cancelled : unchanged(model, { session: id })]);
  },
  ({ sessions }) => sessions.size > 0,
);

const meeting = command(
  "two meet",
  fc.record({
    one: fc.record({ kind: fc.nat(9), of: some, who: customer }),
    other: fc.record({ kind: fc.nat(9), of: some, who: customer }),
    order: fc.nat(),
  }),
  (model, perch, { one, other, order }) => race(model, perch, [anAction(model, one), anAction(model, other)], order),
  hasConnections,
);

/** All that may happen; what is named twice happens more often. */
export const allCommands: fc.Arbitrary<fc.AsyncCommand<Model, Perch>>[] = [
  connect,
  connect,
  connect,
  walk,
  reauthenticate,
  command("bring a code", code.drawn, code.step, (model) => withCode(model).length > 0),
  outside,
  importing,
  cancel,
  onConnection("accept", accept),
  onConnection("discard", discard),
  onConnection("disconnect", disconnect),
  onConnection("drive", drive),
  onConnection("look", look),
  entity,
  meeting,
  meeting,
  ...commandsInTheBackground,
  ...commandsOfTheWorld,
];
