/** Lets Finch err in every way, over the wire, and holds what Perch makes of it against the rules. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { ConnectSession } from "#shared/connection/connect-session.ts";
import { parseConnectionId, type SessionId } from "#shared/connection/identifiers.ts";
import { createFinch } from "#shared/finch/finch.ts";
import { createSendToFinch } from "#shared/finch/request.ts";
import { createTransport } from "#shared/finch/transport.ts";
import { secret } from "#shared/secret.ts";
import { audit } from "./auditor.ts";
import { aGrant, newConnectionId } from "./builders.ts";
import { type WireAnswer, waysToLie } from "./finch-lies.ts";
import { createForgeryWorld } from "./forgery-world.ts";
import { createRandom } from "./random.ts";
import { genuineCallback, genuineEmbedded } from "./state-forgeries.ts";

/** What came of all of them. */
export interface LiesTried {
  readonly tried: Readonly<Record<string, number>>;
  /** How often the truth was told afterwards, and kept. */
  readonly controls: number;
  readonly wrong: readonly string[];
}

/** A server that gives every code the answer of the moment. */
const startLiar = async () => {
  let answer: WireAnswer = { status: 500, body: "" };
  const server = createServer(async (request, response) => {
    await text(request);
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    response.end(answer.body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    willSay: (next: WireAnswer) => {
      answer = next;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};

/** What a token answer grants, read by nothing of Perch's; undefined where it grants nothing that has a name. */
const grantIn = ({ status, body }: WireAnswer) => {
  if (status !== 200 || body.length > 1_048_576) return undefined;
  try {
    const said = Object(JSON.parse(body));
    const own = (name: string): unknown => (Object.hasOwn(said, name) ? said[name] : undefined);
    const nameOf = (name: string): string | undefined => {
      const value = own(name);
      return typeof value === "string" && value !== "" ? value : undefined;
    };
    const list = (name: string): string[] => {
      const value = own(name);
      return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
    };
    const [token, id] = [nameOf("access_token"), parseConnectionId(nameOf("connection_id") ?? "")];
    const [providerId, clientType] = [nameOf("provider_id"), nameOf("client_type")];
    if (!token || !id || !providerId || !clientType) return undefined;
    return aGrant({
      accessToken: secret(token),
      connectionId: id,
      providerId,
      clientType,
      customerId: nameOf("customer_id") ?? null,
      companyId: nameOf("company_id") ?? null,
      products: list("products"),
      entityIds: list("entity_ids"),
    });
  } catch {
    return undefined;
  }
};

const kindsOfSessions = ["plain", "to be accepted", "to sign in again", "embedded"] as const;

/** Goes through every way to err, with every kind of session, until there are at least so many. */
export const tryFinchLies = async (atLeast: number, seed: number): Promise<LiesTried> => {
  const liar = await startLiar();
  const credentials = async () => ({ clientId: "client", clientSecret: secret("not-a-real-secret") });
  const client = createFinch({ send: createSendToFinch(createTransport(liar.url, () => new Date())), credentials });
  const tried: Record<string, number> = {};
  const wrong: string[] = [];
  const random = createRandom(seed);
  let [total, controls] = [0, 0];
  try {
    for (; total < atLeast; total += 1) {
      const way = waysToLie[total % waysToLie.length];
      const kindOfSession = kindsOfSessions[Math.floor(total / waysToLie.length) % kindsOfSessions.length];
      if (way === undefined || kindOfSession === undefined) throw new RangeError("there is no way");
      const world = createForgeryWorld(seed + total, client);
      const [customer, other] = [await world.createCustomer("victim"), await world.createCustomer("stranger")];
      const [own, others] = [await world.connect(customer), await world.connect(other)];
      const truthFor = (connectionId: string) => ({
        access_token: `not-a-real-token-${crypto.randomUUID()}`,
        client_type: "sandbox",
        connection_id: connectionId,
        connection_type: "provider",
        customer_id: customer,
        company_id: "company-9",
        entity_ids: ["entity-1"],
        products: ["company"],
        provider_id: "gusto",
        token_type: "bearer",
      });
      const changes: Partial<ConnectSession> = {
        ...(kindOfSession === "to be accepted" && { requireAcceptance: true }),
        ...(kindOfSession === "to sign in again" && { reauthenticates: own.connectionId }),
      };
      const isEmbedded = kindOfSession === "embedded";
      const begin = () =>
        isEmbedded ? world.startEmbedded(customer, changes) : world.openInBrowser(customer, changes);
      const say = (answer: WireAnswer, sessionId: SessionId) => {
        liar.willSay(answer);
        const grant = grantIn(answer);
        if (grant !== undefined) world.finch.hasIssued({ grant, forCustomer: customer, sessionId });
      };

      const lied = {
        truth: truthFor(kindOfSession === "to sign in again" ? own.connectionId : newConnectionId()),
        otherCustomer: other,
        otherConnection: others.connectionId,
        ownConnection: own.connectionId,
      };
      const answer = way.lie(lied, random);
      const about = `${way.kind}, ${kindOfSession}: ${answer.status} ${answer.body.slice(0, 300)}`;
      const kept = world.memory.tokens.size;
      const theirs = JSON.stringify(others);
      const genuine = await begin();
      say(answer, genuine.session.sessionId);
      const reply = await world.send(isEmbedded ? genuineEmbedded(genuine) : genuineCallback(genuine));
      tried[way.kind] = (tried[way.kind] ?? 0) + 1;
      if (reply.statusCode === 500) wrong.push(`${about} is answered with 500`);
      await world.pass(15);
      if (!way.mayBeKept && world.memory.tokens.size !== kept) wrong.push(`${about} is kept`);
      if (JSON.stringify(await world.connections.find(other, others.connectionId)) !== theirs) {
        wrong.push(`${about} changes another customer's connection`);
      }
      // Nothing is stuck: told the truth, the same customer connects.
      const next = await begin();
      say({ status: 200, body: JSON.stringify(truthFor(next.connectionId)) }, next.session.sessionId);
      const told = await world.send(isEmbedded ? genuineEmbedded(next) : genuineCallback(next));
      const ended = world.memory.sessions.get(next.session.sessionId)?.status;
      if (ended === "completed" && told.statusCode < 400) controls += 1;
      else wrong.push(`${about}: the truth afterwards is answered with ${told.statusCode}, its session is ${ended}`);
      await world.pass(10);
      const complaints = await audit(world, { mayLoseToken: false, mayLeaveSecret: false });
      wrong.push(...complaints.map((complaint) => `${about}: ${complaint}`));
    }
  } finally {
    liar.close();
  }
  return { tried, controls, wrong };
};
