/** The forged ways back from Connect of `test/support/state-forgeries.ts`, each once, through the deployed gateway. */
import { expect, it } from "vitest";
import { callBackend } from "../support/api.ts";
import { createBrowser } from "../support/browser.ts";
import { createCustomer, reachCallback, startSession, type TestCustomer } from "../support/journey.ts";
import { createRandom } from "../support/random.ts";
import { sendRaw } from "../support/raw-request.ts";
import {
  type Attempt,
  type Genuine,
  genuineCallback,
  genuineEmbedded,
  type Scene,
  type Way,
  waysAgain,
  waysBefore,
} from "../support/state-forgeries.ts";
import { signInEmbedded, startEmbedded } from "../support/ways-in.ts";

const seed = Number(process.env["PERCH_SEED"] ?? 1);

/** A browser that has opened a link of the customer and comes back from Finch. */
const standBefore = async (customer: TestCustomer, session = startSession(customer)): Promise<Genuine> => {
  const browser = createBrowser();
  const started = await session;
  const { searchParams } = await reachCallback(browser, started);
  return {
    state: searchParams.get("state") ?? "",
    code: searchParams.get("code") ?? "",
    cookie: browser.cookie() ?? "",
    ticket: started.connect_url.split("/").at(-1) ?? "",
    connectionId: "",
    session: toSession(customer, started.session_id),
  };
};

const toSession = (customer: TestCustomer, sessionId: string) =>
  ({ sessionId, customerId: customer.id, reauthenticates: null }) as Genuine["session"];

/** The customer's page, which has got a code. */
const standInPage = async (customer: TestCustomer): Promise<Genuine> => {
  const started = await startEmbedded(customer);
  const { code, state } = await signInEmbedded(started, { provider: "bamboo_hr" });
  return { state, code, cookie: "", ticket: "", connectionId: "", session: toSession(customer, started.session_id) };
};

const make = (attempt: Attempt) => {
  if (attempt.door === "embedded") {
    const { customerId, body } = attempt;
    return callBackend(`/v1/customers/${encodeURIComponent(customerId)}/connections`, { method: "POST", body });
  }
  const { cookie } = attempt;
  const path = attempt.door === "link" ? `/connect/${attempt.ticket}` : `/connect/callback?${attempt.query}`;
  return sendRaw(path, cookie === undefined ? {} : { headers: { cookie } });
};

/** What no HTTP client sends: a header holds one byte for each character, and no line's end. */
const canBeSent = (attempt: Attempt): boolean =>
  attempt.door === "embedded" || /^[\t\x20-\x7e\x80-\xff]*$/.test(attempt.cookie ?? "");

it("forged, replayed and foreign ones are refused, and the right ones let in", { timeout: 480_000 }, async () => {
  const [customer, other] = [await createCustomer(), await createCustomer()];
  const session = startSession(customer);
  const scene: Scene = {
    victim: await standBefore(customer, session),
    scanner: await standBefore(customer, session),
    stranger: await standBefore(other),
    embedded: await standInPage(customer),
    strangerEmbedded: await standInPage(other),
  };
  const random = createRandom(seed);
  let tried = 0;
  const attackWith = async (ways: readonly Way[]): Promise<readonly string[]> => {
    const letIn: string[] = [];
    for (const { kind, forge } of ways) {
      const attempt = forge(scene, random);
      if (!canBeSent(attempt)) continue;
      const { status } = await make(attempt);
      tried += 1;
      if (status < 400 || status >= 500) letIn.push(`${kind}: ${JSON.stringify(attempt)} is answered with ${status}`);
    }
    return letIn;
  };

  expect(await attackWith(waysBefore)).toEqual([]);
  // Nobody has spoilt it: the right ones come through, once each.
  expect((await make(genuineCallback(scene.victim))).location?.searchParams.get("status")).toBe("connected");
  expect((await make(genuineEmbedded(scene.embedded))).status).toBe(201);
  expect(await attackWith(waysAgain)).toEqual([]);
  expect((await make(genuineCallback(scene.victim))).location?.searchParams.get("status")).toBe("connected");
  expect((await make(genuineCallback(scene.stranger))).location?.searchParams.get("status")).toBe("connected");
  process.stdout.write(`forged states: ${tried} sent through the gateway\n`);
  expect(tried).toBeGreaterThan(250);
});
