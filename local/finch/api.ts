/** The routes of Finch's API: connecting, and what a connection is for. */
import { readCompany } from "./company.ts";
import { createReauthentication, createSession } from "./connect-sessions.ts";
import { readDirectory } from "./directory.ts";
import { disconnect, disconnectEntity } from "./disconnect.ts";
import { exchangeCode } from "./exchange.ts";
import { forward } from "./forward.ts";
import { jsonReply, type Routes } from "./http.ts";
import { readEmployments, readIndividuals } from "./individual.ts";
import { introspect } from "./introspect.ts";
import { createJob, listJobs, readJob, readManualJob } from "./jobs.ts";
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
  "GET /employer/directory": (call) => readDirectory(simulation, call),
  "POST /employer/individual": (call) => readIndividuals(simulation, call),
  "POST /employer/employment": (call) => readEmployments(simulation, call),
  "POST /forward": (call) => forward(simulation, call),
  "POST /jobs/automated": (call) => createJob(simulation, call),
  "GET /jobs/automated": (call) => listJobs(simulation, call),
  "GET /jobs/automated/*": (call) => readJob(simulation, call),
  "GET /jobs/manual/*": (call) => readManualJob(simulation, call),
  "GET /providers": () => jsonReply(200, providers),
  "POST /disconnect": (call) => disconnect(simulation, call),
  "POST /disconnect-entity": (call) => disconnectEntity(simulation, call),
  "POST /sandbox/connections": (call) => createSandboxConnection(simulation, call),
  "POST /sandbox/connections/accounts": (call) => createSandboxAccount(simulation, call),
  "PUT /sandbox/connections/accounts": (call) => updateSandboxAccount(simulation, call),
});
