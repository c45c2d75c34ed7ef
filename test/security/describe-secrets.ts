import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import type { TokenStoreName } from "../../local/stack/options.ts";
import type { Answer } from "../support/api.ts";
import { readLogs, readSecrets, readStream } from "../support/aws.ts";
import { listen } from "../support/events.ts";
import type { TestCustomer } from "../support/journey.ts";
import { startOwnStack } from "../support/own-stack.ts";
import { patience } from "../support/patience.ts";
import { findSecrets } from "../support/scan-for-secrets.ts";
import { getApiToken, readStack } from "../support/stack.ts";
import { readTable } from "../support/table.ts";
import { misplace } from "./misplaced-secrets.ts";
import { type Harvest, importAround, travelAround } from "./secret-journeys.ts";
import { employAround } from "./secret-people.ts";
import { receiveHints, refusedReport } from "./secret-webhooks.ts";

/** What a reply has besides what it is meant to carry: a redirect's address and a cookie for the browser. */
const told = ({ status, headers, text }: Answer) => ({
  status,
  text,
  headers: [...headers].filter(([name]) => name !== "location" && name !== "set-cookie"),
});

const runJourneys = async (): Promise<{ readonly harvest: Harvest; readonly customers: readonly TestCustomer[] }> => {
  const harvest: Harvest = { secrets: {}, people: {}, answers: [], sessionIds: [], executions: [] };
  const { "client_id 0": _, ...finchSecrets } = await readSecrets();
  for (const [name, value] of Object.entries(finchSecrets)) harvest.secrets[`${kept}${name}`] = value;
  harvest.secrets[poolRecord] = readStack().clientSecret;
  harvest.secrets["backend's access token"] = await getApiToken();
  const customers = [...(await travelAround(harvest)), ...(await importAround(harvest))];
  customers.unshift(await employAround(harvest));
  await misplace(harvest);
  await receiveHints(harvest);
  return { harvest, customers };
};

/** An SSN has nine digits. */
const shortestOfPeople = 9;

/** How what the secret store and the user pool keep for the deployment is called among the secrets. */
const kept = "Finch ";
const poolRecord = "backend's client secret";

/** Where a secret belongs: in the secret store's own values, in the user pool's own records, and in a dead letter. */
const belongs = (name: string, file: string): boolean =>
  (file === "secretsmanager.json" && name.startsWith(kept)) ||
  (file === "cognito.json" && name === poolRecord) ||
  (file === "sqs.json" && name === refusedReport);

/** Everything that was logged since then, once it speaks of these sessions. */
const readLogsAbout = async (sessionIds: readonly string[], since: Date): Promise<readonly string[]> => {
  for (const giveUpAt = Date.now() + patience.timeout; Date.now() < giveUpAt; await sleep(500)) {
    const lines = await readLogs(since);
    if (sessionIds.every((id) => lines.some((line) => line.includes(id)))) return lines;
  }
  throw new Error("the functions' logs do not speak of all sessions");
};

/**
 * The emulated CloudFormation keeps all attributes of what it has made: among them a copy of the user pool's record of its
 * client. AWS's own hands that one out on demand only, and no template of Perch's asks for it.
 */
const withoutRecords = (file: string) => (key: string, value: unknown) =>
  file === "cloudformation.json" && key === "ClientSecret" ? undefined : value;

/** Every file of a folder, by its path in it; JSON as what it says. */
const readFiles = (folder: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      // The functions' bundles, as they were before anything happened.
      .filter((entry) => entry.isFile() && !entry.parentPath.includes("lambda-blobs"))
      .map(({ name, parentPath }) => {
        const bytes = readFileSync(join(parentPath, name));
        return [name, name.endsWith(".json") ? JSON.parse(bytes.toString(), withoutRecords(name)) : bytes];
      }),
  );

/**
 * No token, code, secret, link or cookie is in a log, in the table, in an event or in an error reply of a stack with this
 * token store, nor in anything that the emulated AWS keeps. The stack is the test's own: what it has saved when it is
 * stopped is all that there was.
 */
export const describeSecrets = async (tokenStore: TokenStoreName): Promise<void> => {
  const own = await startOwnStack(tokenStore);
  afterAll(own.remove);
  let harvest: Harvest;

  describe(`secrets in a running stack with the token store ${tokenStore}`, () => {
    const bus = listen();

    it("are nowhere but where they belong, after journeys that ended well and badly", {
      timeout: 480_000,
    }, async () => {
      const since = new Date(Date.now() - 1_000);
      const run = await runJourneys();
      harvest = run.harvest;
      const { secrets, answers, sessionIds } = harvest;
      const logs = await readLogsAbout(sessionIds, since);
      // One of them has nothing but refused imports, and thereby no event.
      for (const { id } of run.customers.slice(0, -1)) await bus.of(id, 1);
      const places = {
        "the functions' logs": logs,
        "the table": await readTable(),
        "the table's past": await readStream(),
        events: bus.all(),
        replies: answers.map(told),
      };
      const history = { "the history of executions": harvest.executions };
      expect(findSecrets(history, { ...secrets, ...harvest.people }, shortestOfPeople)).toEqual([]);
      expect(findSecrets(places, secrets)).toEqual([]);
      expect(findSecrets(places, harvest.people, shortestOfPeople)).toEqual([]);
      expect(Object.keys(secrets)).toEqual(
        expect.arrayContaining(["Finch client_secret 0", "Finch webhook_secrets 0", refusedReport]),
      );
      // What is no secret is found in each place: they were searched.
      const [, sessionId = ""] = sessionIds;
      const found = findSecrets(places, { "a session's id": sessionId });
      for (const place of Object.keys(places)) expect(found).toContain(`a session's id in clear in ${place}`);
    });
  });

  describe(`secrets in a stopped stack with the token store ${tokenStore}`, () => {
    it("are not in what it has saved and logged", async () => {
      await own.stop();
      const state = readFiles(own.places.emulatorState);
      const names = Object.keys(state);
      expect(names).toEqual(
        expect.arrayContaining([
          "seal.json",
          "dynamodb.json",
          "cloudwatch_logs.json",
          "sqs.json",
          "stepfunctions.json",
        ]),
      );
      const logs = ["emulated-aws.log", "simulated-finch.log"].map((name) => join(own.places.logs, name));
      const places = {
        ...state,
        ...readFiles(own.places.bucketState),
        logs: logs.filter(existsSync).map((file) => readFileSync(file, "utf8")),
      };
      for (const [file, content] of Object.entries(places)) {
        const secrets = Object.entries(harvest.secrets).filter(([name]) => !belongs(name, file));
        expect(findSecrets({ [file]: content }, Object.fromEntries(secrets))).toEqual([]);
        expect(findSecrets({ [file]: content }, harvest.people, shortestOfPeople)).toEqual([]);
      }
      // What belongs somewhere is found there, and what is no secret in the other places.
      const clear = ({ secrets, sessionIds: [, id = ""] }: Harvest) => ({ ...secrets, "a session's id": id });
      expect(findSecrets(state, clear(harvest))).toEqual(
        expect.arrayContaining([
          "Finch client_secret 0 in clear in secretsmanager.json",
          `${poolRecord} in clear in cognito.json`,
          `${refusedReport} in clear in sqs.json`,
          "a session's id in clear in dynamodb.json",
          "a session's id in clear in cloudwatch_logs.json",
        ]),
      );
    });
  });
};
