/** The door for tests, under `/_control/`: look at the state, queue faults, move the clock, change settings. */
import { createConnectionControls } from "./control-connections.ts";
import { createEmployerControls } from "./control-employers.ts";
import { createWebhookControls } from "./control-webhooks.ts";
import { type Fault, type FaultQueue, parseFault } from "./faults.ts";
import { type Call, jsonReply, type Reply, type Route, type Routes } from "./http.ts";
import type { Limits } from "./limits.ts";
import type { Simulation } from "./model.ts";
import { defaultSettings, type Settings, settingChoices } from "./settings.ts";
import type { Webhooks } from "./webhooks.ts";

/** How often each path was called, faults included, the control door not. */
export type RequestCounts = Map<string, number>;

/** An answer that a `delay` holds back, and the port of the socket on which its caller waits. */
export type LateAnswer = {
  readonly path: string;
  readonly codeHash: string | undefined;
  readonly callerPort: number | undefined;
};

/** What the door steers. */
export type ControlParts = {
  readonly simulation: Simulation;
  readonly faults: FaultQueue;
  readonly lateAnswers: ReadonlySet<LateAnswer>;
  readonly limits: Limits;
  readonly counts: RequestCounts;
  readonly webhooks: Webhooks;
};

/** The routes of the control door. */
export const createControlRoutes = (parts: ControlParts): Routes => {
  const { simulation, limits, faults, webhooks } = parts;
  const routes: Routes = {
    "GET /_control/state": () => jsonReply(200, describe(parts)),
    "POST /_control/faults": (call) => addFaults(faults, call),
    "DELETE /_control/faults": (call) => {
      faults.clear(call.query.get("connection_id") ?? undefined);
      return done();
    },
    "POST /_control/clock": (call) => moveClock(parts, call),
    "POST /_control/settings": (call) => changeSettings(simulation, call),
    "DELETE /_control/settings": (call) => forgetCompany(simulation, call),
    "POST /_control/reset": () => reset(parts),
    ...createConnectionControls(simulation),
    ...createEmployerControls(simulation, limits),
    ...createWebhookControls(simulation, webhooks),
  };
  return Object.fromEntries(Object.entries(routes).map(([name, route]) => [name, notFromWebPages(route)]));
};

/** A web page that a developer has open must not be able to steer the simulator; browsers name their origin. */
const notFromWebPages =
  (route: Route): Route =>
  (call) =>
    call.origin === undefined ? route(call) : jsonReply(403, { message: "The control door is not for web pages" });

const done = (): Reply => jsonReply(200, { status: "ok" });
const refuse = (message: string): Reply => jsonReply(400, { message });

const describe = ({ simulation: { state, now }, faults, lateAnswers, counts }: ControlParts) => ({
  now: now().toISOString(),
  settings: state.settings,
  companySettings: Object.fromEntries(state.companySettings),
  sessions: [...state.sessions.values()].map(({ expiresAtMs, ...session }) => ({
    ...session,
    expiresAt: new Date(expiresAtMs).toISOString(),
  })),
  connections: [...state.connections.values()],
  tokens: [...state.tokens.values()],
  unusedCodes: state.codes.size,
  requestCounts: Object.fromEntries(counts),
  faults: faults.list().map(({ remaining, ...fault }) => ({ ...fault, remaining: inWords(remaining) })),
  lateAnswers: [...lateAnswers],
});

/** JSON has no infinity. */
const inWords = (times: number) => (Number.isFinite(times) ? times : "until_cleared");

const parseBody = (call: Call): unknown => {
  try {
    return JSON.parse(call.body);
  } catch {
    return undefined;
  }
};

/** Takes one fault or a list; a list is queued as a whole or not at all. */
const addFaults = (faults: FaultQueue, call: Call): Reply => {
  const parsed = [parseBody(call)].flat().map(parseFault);
  const refused = parsed.find((fault) => "refused" in fault);
  if (refused) return refuse(refused.refused);
  for (const fault of parsed) faults.add(fault as Fault);
  return done();
};

const moveClock = ({ simulation: { state, now, save }, webhooks }: ControlParts, call: Call): Reply => {
  const { advance_ms: advanceMs } = (parseBody(call) ?? {}) as { advance_ms?: unknown };
  if (typeof advanceMs !== "number" || !Number.isFinite(advanceMs)) return refuse("advance_ms must be a number");
  state.clockOffsetMs += advanceMs;
  save();
  webhooks.wake();
  return jsonReply(200, { now: now().toISOString() });
};

/** Changes how Finch behaves; with `company`, towards the company of this name alone. */
const changeSettings = ({ state, save }: Simulation, call: Call): Reply => {
  const { company, ...settings } = (parseBody(call) ?? {}) as Readonly<Record<string, unknown>>;
  const asked = Object.entries(settings);
  for (const [name, value] of asked) {
    const allowed: readonly unknown[] | undefined = Object.hasOwn(settingChoices, name)
      ? settingChoices[name as keyof Settings]
      : undefined;
    if (!allowed) return refuse(`settings are ${Object.keys(settingChoices).join(", ")}`);
    if (!allowed.includes(value)) return refuse(`${name} must be one of ${allowed.join(", ")}`);
  }
  if (company === undefined) {
    state.settings = { ...state.settings, ...Object.fromEntries(asked) };
  } else {
    if (typeof company !== "string") return refuse("company must be a company's name");
    const ofAll = asked.map(([name]) => name).find((name) => name === "productLimits" || name === "addressLimit");
    if (ofAll !== undefined) return refuse(`${ofAll} is of no company`);
    state.companySettings.set(company, { ...state.companySettings.get(company), ...Object.fromEntries(asked) });
  }
  save();
  return jsonReply(200, { ...state.settings, ...Object.fromEntries(asked) });
};

/** A company is like the others again. */
const forgetCompany = ({ state, save }: Simulation, call: Call): Reply => {
  const company = call.query.get("company");
  if (company === null) return refuse("company must be a company's name");
  state.companySettings.delete(company);
  save();
  return done();
};

/** Forgets all but what belongs to the application: its redirect URIs and its webhook endpoint. */
const reset = ({ simulation: { state, save }, faults, limits, counts, webhooks }: ControlParts): Reply => {
  for (const records of [state.sessions, state.pendingSignIns, state.codes]) records.clear();
  for (const records of [state.connections, state.tokens, state.jobs, state.deliveries]) records.clear();
  state.clockOffsetMs = 0;
  state.settings = { ...defaultSettings };
  state.companySettings.clear();
  faults.clear();
  limits.clear();
  counts.clear();
  webhooks.rules.clear();
  save();
  return done();
};
