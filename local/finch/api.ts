/** The routes of Finch's API: connecting, and the first of the reads that need a connection. */
import { createReauthentication, createSession } from "./connect-sessions.ts";
import { disconnect, disconnectEntity } from "./disconnect.ts";
import { readCompany } from "./employer.ts";
import { exchangeCode } from "./exchange.ts";
import { jsonReply, type Routes } from "./http.ts";
import { introspect } from "./introspect.ts";
import type { Simulation } from "./model.ts";
import { providers } from "./providers.ts";
import { createSandboxAccount, createSandboxConnection, updateSandboxAccount } from "./sandbox.ts";

/** The routes of the API. */
export const createApiRoutes = (simulation: Simulation): Routes => ({
  "POST /connect/sessions": (call) => createSession(simulation, call),
  "POST /connect/sessions/reauthenticate": (call) => createReauthentication(simulation, call),
  "POST /auth/token": (call) => exchangeCode(simulation, call),
  "GET /introspect": (call) => introspect(simulation, call),
  "GET /employer/company": (call) => readCompany(simulation, call),
  "GET /providers": () => jsonReply(200, providers),
  "POST /disconnect": (call) => disconnect(simulation, call),
  "POST /disconnect-entity": (call) => disconnectEntity(simulation, call),
  "POST /sandbox/connections": (call) => createSandboxConnection(simulation, call),
  "POST /sandbox/connections/accounts": (call) => createSandboxAccount(simulation, call),
  "PUT /sandbox/connections/accounts": (call) => updateSandboxAccount(simulation, call),
});
