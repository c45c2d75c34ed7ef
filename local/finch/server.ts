/**
 * A stand-in for Finch: its API, Finch Connect, and a door for tests, on one port of this machine.
 *
 * It behaves as Finch API 2020-09-17 is documented. Where the documentation is silent it is strict, so that a client
 * that is right here is right there.
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createApiRoutes } from "./api.ts";
import { createConnectRoutes } from "./connect.ts";
import { createControlRoutes, type LateAnswer, type RequestCounts } from "./control.ts";
import { findBearer } from "./credentials.ts";
import { errorReply } from "./errors.ts";
import { exchangedCodeHash } from "./exchange.ts";
import { answerWith, createFaultQueue, type FaultQueue } from "./faults.ts";
import { type Call, findRoute, jsonReply, type Reply, type Routes } from "./http.ts";
import { createLimits, type Exceeded, type Limits } from "./limits.ts";
import { type Application, emptyState, type FinchState, type Simulation } from "./model.ts";
import { readCall } from "./read-call.ts";
import { loadState, saveState } from "./state-file.ts";
import { createWebhooks } from "./webhooks.ts";

/** How a simulator is set up. */
export type FinchSimulatorOptions = {
  readonly applications: readonly Application[];
  /** The time, to which `POST /_control/clock` adds. */
  readonly clock?: () => Date;
  /** Makes the ids of sessions, codes, connections and so on. */
  readonly randomId?: () => string;
  /** Where the state survives a restart; without it, nothing does. */
  readonly stateFile?: string;
  /** The address that `connect_url` names, when it is not the one that is listened on. */
  readonly publicUrl?: string;
  /** Takes one sentence when something is amiss. */
  readonly warn?: (sentence: string) => void;
};

/** A simulated Finch. */
export type FinchSimulator = {
  /** Listens on 127.0.0.1; port 0 takes any free one. Rejects when the port is busy. */
  listen(port?: number): Promise<void>;
  /** Hangs up on everybody and stops listening. */
  close(): Promise<void>;
  /** The base URL, once it listens. */
  readonly url: string;
  readonly state: FinchState;
  readonly faults: FaultQueue;
};

/**
 * Makes a simulated Finch that does not listen yet.
 *
 * @throws when the state file exists and cannot be read; one with damaged content is warned of and replaced.
 */
export const createFinchSimulator = (options: FinchSimulatorOptions): FinchSimulator => {
  const { applications, clock = () => new Date(), randomId = randomUUID, stateFile } = options;
  const warn = options.warn ?? ((sentence: string) => console.error(sentence));
  const state = stateFile === undefined ? emptyState() : loadState(stateFile, warn);
  let url = "";
  const now = () => new Date(clock().getTime() + state.clockOffsetMs);
  const save = () => {
    if (stateFile !== undefined) saveState(stateFile, state);
  };
  const webhooks = createWebhooks({ state, now, randomId, save });
  const simulation: Simulation = {
    state,
    applications,
    now,
    randomId,
    publicUrl: () => options.publicUrl ?? url,
    emit: webhooks.emit,
    save,
  };
  const faults = createFaultQueue();
  const limits = createLimits(() => now().getTime());
  const counts: RequestCounts = new Map();
  const lateEffects = new Set<NodeJS.Timeout>();
  const lateAnswers = new Set<LateAnswer>();
  const routes: Routes = {
    "GET /health": () => jsonReply(200, { status: "ok" }),
    ...createApiRoutes(simulation),
    ...createConnectRoutes(simulation),
  };
  const controlRoutes = createControlRoutes({ simulation, faults, lateAnswers, limits, counts, webhooks });
  // As load balancers do: idle connections stay for a minute, so that none is closed as a caller takes it up again.
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    serve(
      { simulation, routes, controlRoutes, faults, limits, counts, lateEffects, lateAnswers, warn },
      request,
      response,
    ).catch(() => response.destroy());
  });

  return {
    listen: (port = 0) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", () => {
          server.off("error", reject);
          url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
          resolve();
        });
      }),
    close: () =>
      new Promise((resolve) => {
        webhooks.stop();
        for (const timer of lateEffects) clearTimeout(timer);
        lateEffects.clear();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    get url() {
      return url;
    },
    state,
    faults,
  };
};

type Parts = {
  readonly simulation: Simulation;
  readonly routes: Routes;
  readonly controlRoutes: Routes;
  readonly faults: FaultQueue;
  readonly limits: Limits;
  readonly counts: RequestCounts;
  /** Effects that are still to come; they do not outlive the simulator. */
  readonly lateEffects: Set<NodeJS.Timeout>;
  readonly lateAnswers: Set<LateAnswer>;
  readonly warn: (sentence: string) => void;
};

const serve = async (parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const call = await readCall(request);
  const isControl = call?.path.startsWith("/_control/") ?? false;
  const routes = isControl ? parts.controlRoutes : parts.routes;
  const respond = (): Reply => {
    if (!call) return errorReply("bad_request", "The request is malformed or its body is too large");
    const route = findRoute(routes, call);
    return route ? route(call) : errorReply("not_found_error", "There is no such endpoint");
  };
  const respondSafely = (): Reply => {
    try {
      return respond();
    } catch (error) {
      parts.warn(`The simulated Finch failed: ${error instanceof Error ? error.message : "unknown error"}.`);
      return errorReply("server_error");
    }
  };
  if (!call || isControl) return send(response, respondSafely());

  parts.counts.set(call.path, (parts.counts.get(call.path) ?? 0) + 1);
  const bearer = findBearer(parts.simulation, call);
  const connectionId = "connection" in bearer ? bearer.connection.id : undefined;
  const exceeded = exceededBy(parts, call, "token" in bearer ? bearer.token.clientId : undefined);
  if (exceeded) return send(response, errorReply(exceeded === "product" ? "rate_limit" : "finch_api_ip_rl"));
  const codeHash = exchangedCodeHash(call);
  const outcome = answerWith(parts.faults.take({ path: call.path, connectionId, codeHash }), respondSafely);
  if ("hangUp" in outcome) return void response.destroy();
  if (!("afterMs" in outcome)) return;
  if ("respond" in outcome) {
    const timer = setTimeout(() => {
      parts.lateEffects.delete(timer);
      send(response, outcome.respond());
    }, outcome.afterMs);
    parts.lateEffects.add(timer);
    return;
  }
  if (outcome.afterMs === 0) return send(response, outcome.send);
  const late: LateAnswer = { path: call.path, codeHash, callerPort: request.socket.remotePort };
  parts.lateAnswers.add(late);
  const timer = setTimeout(() => send(response, outcome.send), outcome.afterMs);
  response.once("close", () => {
    clearTimeout(timer);
    parts.lateAnswers.delete(late);
  });
};

/** The limit that a call of the API exceeds. People on the pages of Connect come from everywhere, so none holds there. */
const exceededBy = ({ simulation, limits }: Parts, call: Call, clientId: string | undefined): Exceeded | undefined => {
  const { path, address } = call;
  if (path === "/authorize" || path === "/health") return undefined;
  const { productLimits, addressLimit } = simulation.state.settings;
  const lifted: Exceeded[] = [];
  if (productLimits === "lifted") lifted.push("product");
  if (addressLimit === "lifted") lifted.push("address");
  return limits.take({ path, address, clientId }, lifted);
};

const send = (response: ServerResponse, { status, headers, body }: Reply): void => {
  response.writeHead(status, { ...headers, "finch-request-id": randomUUID() });
  response.end(body);
};
