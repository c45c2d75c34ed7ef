/** A customer that is deleted while callers meet over it. It is long because the steps of a deletion are read with its scenarios. */
import { createConnectSession } from "#shared/connection/create-connect-session.ts";
import { deleteCustomer } from "#shared/connection/delete-customer.ts";
import { driveDeletion } from "#shared/connection/drive-deletion.ts";
import type { Finch } from "#shared/connection/finch-port.ts";
import type { CustomerId, DeletionId } from "#shared/connection/identifiers.ts";
import { aGrant, aProfile, minute } from "../support/builders.ts";
import { stepsOf } from "../support/steps-of.ts";
import { laterLife } from "./audited.ts";
import { accept, bring, callback, drive, inTurn, sweep, type Told } from "./callers.ts";
import type { Caller, Scenario } from "./run.ts";
import type { World } from "./world.ts";

/** The backend deletes the customer. Notes the deletion, or `unknown`. */
const remove =
  (customerId: CustomerId, told: Told = []): Caller =>
  async (deps) => {
    const removed = await deleteCustomer(deps)(customerId);
    told.push(removed.ok ? removed.value.deletionId : "unknown");
  };

/** The driver, as often as a nudge brings it, for every deletion that is due. */
const driveDeletions: Caller = async (deps) => {
  for (const deletionId of await deps.due.deletions(deps.now()))
    await stepsOf(driveDeletion(deps), deletionId as DeletionId);
};

/** The driver of disconnects, for all that is asked for. */
const driveDisconnects: Caller = async (deps) => {
  for (const each of await deps.due.disconnects(deps.now())) await drive(each.customerId, each.connectionId)(deps);
};

/** From the request to the end, if nothing is in the way. */
const removeWholly = (customerId: CustomerId, told?: Told): Caller =>
  inTurn(remove(customerId, told), driveDeletions, driveDisconnects, later, driveDeletions);

/** The next step is due some seconds later. */
const later: Caller = async (deps) => {
  await deps.due.events(deps.now());
  await deps.sleep(10_000);
};

/** The backend puts the customer, as often as it is refused; what it makes is another life. */
const putAgain =
  (customerId: CustomerId): Caller =>
  async (deps) => {
    const made = { incarnation: laterLife, defaultMode: "multiple", now: deps.now() } as const;
    for (let tries = 0; tries < 3; tries += 1) {
      if ((await deps.customers.put(aProfile({ customerId }), made)).ok) return;
    }
  };

/** The backend asks for a session. Notes `session`, or why not. */
const start =
  (customerId: CustomerId, told: Told): Caller =>
  async (deps) => {
    const connectUrl = "https://connect.finch.example/authorize";
    const finch = { createSession: async () => ({ kind: "created", connectUrl, finchSessionId: "finch" }) as const };
    const where = { publicUrl: "https://perch.example", returnOrigins: [] };
    const asked = {
      mode: "redirect",
      returnUrl: null,
      minutesToExpire: 60,
      integration: null,
      sandbox: undefined,
    } as const;
    const request = { ...asked, customerId, products: ["company"], requireAcceptance: false };
    const created = await createConnectSession({ ...deps, ...where, finch })(request);
    told.push(created.ok ? "session" : created.refusal.reason);
  };

const several = ({ random }: World, callers: readonly Caller[]): Caller[] =>
  callers.filter((_, at) => at < 2 || random.chance(0.5)).slice(0, 4);

/** A callback; notes where an exchange begins, for the first time, that was asked for after the deletion was answered. */
const beginning =
  (brought: Parameters<typeof callback>[0], answers: Told, late: Told): Caller =>
  (deps) => {
    const beginExchange: typeof deps.sessions.beginExchange = async (...asked) => {
      const isAnswered = answers.length > 0;
      const begun = await deps.sessions.beginExchange(...asked);
      if (isAnswered && begun.ok && begun.value.exchange?.attempt === 1) late.push("begun after the answer");
      return begun;
    };
    return callback(brought)({ ...deps, sessions: { ...deps.sessions, beginExchange } });
  };

const deletionAgainstCallback: Scenario = {
  name: "deletion against callback",
  async prepare(world) {
    const { random } = world;
    const acme = await world.createCustomer("acme", random.pick(["single", "multiple"]));
    if (random.chance(0.5)) await world.connect(acme, [aGrant()]);
    const brought = await world.reachCallback(acme, aGrant(), { requireAcceptance: random.chance(0.3) });
    const [answers, late]: [Told, Told] = [[], []];
    /** The browser takes its time at Finch. */
    const steps = random.below(16);
    const atFinch: Caller = async (deps) => {
      for (let step = 0; step < steps; step += 1) await deps.due.events(deps.now());
    };
    return {
      callers: several(world, [
        removeWholly(acme, answers),
        inTurn(atFinch, beginning(brought, answers, late)),
        beginning(brought, answers, late),
        beginning(await world.reachCallback(acme, aGrant()), answers, late),
      ]),
      check: () => [
        late.length > 0 && "an exchange began after the deletion was answered",
        world.finch.sent(brought.code) > 1 && "a code was sent twice",
      ],
    };
  },
};

const deletionAgainstImport: Scenario = {
  name: "deletion against import and acceptance",
  async prepare(world) {
    const acme = await world.createCustomer("acme");
    const held = await world.connect(acme, [aGrant()], { heldReason: "acceptance_required" });
    const grant = aGrant();
    world.finch.knowElsewhere(grant);
    const told: Told = [];
    return {
      callers: several(world, [
        removeWholly(acme),
        bring(acme, grant, told),
        accept(acme, held.connectionId, told),
        bring(acme, grant, told),
      ]),
    };
  },
};

const deletionAgainstNewSession: Scenario = {
  name: "deletion against new sessions",
  async prepare(world) {
    const acme = await world.createCustomer("acme");
    const told: Told = [];
    return { callers: several(world, [removeWholly(acme), start(acme, told), start(acme, told), putAgain(acme)]) };
  },
};

const deletionAgainstNamed: Scenario = {
  name: "deletion against a connection that Finch names it for",
  async prepare(world) {
    const acme = await world.createCustomer("acme");
    const globex = await world.createCustomer("globex");
    const named = () => aGrant({ customerId: acme });
    return {
      callers: several(world, [
        removeWholly(acme),
        callback(await world.reachCallback(globex, named())),
        callback(await world.reachCallback(globex, named())),
        callback(await world.reachCallback(acme, aGrant())),
      ]),
    };
  },
};

const twoDeletions: Scenario = {
  name: "two deletions",
  async prepare(world) {
    const acme = await world.createCustomer("acme");
    for (let made = 0; made < world.random.below(3); made += 1) await world.connect(acme, [aGrant()]);
    const told: Told = [];
    return {
      callers: several(world, [removeWholly(acme, told), removeWholly(acme, told), driveDeletions, driveDisconnects]),
      check: () => [new Set(told.filter((each) => each !== "unknown")).size > 1 && `there are two deletions: ${told}`],
    };
  },
};

const deletionAgainstPut: Scenario = {
  name: "deletion against a put of the same id",
  async prepare(world) {
    const acme = await world.createCustomer("acme");
    await world.connect(acme, [aGrant()]);
    const brought = await world.reachCallback(acme, aGrant());
    return {
      callers: several(world, [
        inTurn(removeWholly(acme), putAgain(acme)),
        callback(brought),
        inTurn(putAgain(acme), callback(brought)),
        sweep,
      ]),
    };
  },
};

const deletionAgainstLateExchange: Scenario = {
  name: "deletion against an exchange that outlives its lease",
  mayOverrun: true,
  async prepare(world) {
    const acme = await world.createCustomer("acme");
    const brought = await world.reachCallback(acme, aGrant(), { requireAcceptance: world.random.chance(0.5) });
    const tooLate: Caller = async (deps) => {
      await deps.due.events(deps.now());
      world.advance(9 * minute);
    };
    const given = inTurn(removeWholly(acme), tooLate, sweep, driveDeletions, driveDisconnects, later, driveDeletions);
    const another = inTurn(given, putAgain(acme));
    const isWithin = world.random.chance(0.3);
    // Its clock stands: it has its lease for good, and goes on with what it holds. At times all of it happens meanwhile.
    const stopped: Caller = (deps) => {
      const began = deps.now();
      const exchangeCode: Finch["exchangeCode"] = async (...sent) => {
        const answer = await deps.finch.exchangeCode(...sent);
        if (isWithin) await another(deps);
        return answer;
      };
      return callback(brought)({ ...deps, now: () => began, finch: { ...deps.finch, exchangeCode } });
    };
    return { callers: several(world, [another, stopped, inTurn(tooLate, sweep), callback(brought)]) };
  },
};

export const scenariosOfDeletions: readonly Scenario[] = [
  deletionAgainstCallback,
  deletionAgainstImport,
  deletionAgainstNewSession,
  deletionAgainstNamed,
  twoDeletions,
  deletionAgainstPut,
  deletionAgainstLateExchange,
];
