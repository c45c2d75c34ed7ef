/** No token, code, secret, link or cookie is in a log, in the table, in an event or in an error reply. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Answer } from "../support/api.ts";
import { readLogs, readSecrets, readStream } from "../support/aws.ts";
import { listen } from "../support/events.ts";
import type { TestCustomer } from "../support/journey.ts";
import { findSecrets } from "../support/scan-for-secrets.ts";
import { getApiToken, readStack } from "../support/stack.ts";
import { readTable } from "../support/table.ts";
import { type Harvest, importAround, misplace, travelAround } from "./secret-journeys.ts";

const bus = listen();

/** What a reply has besides what it is meant to carry: a redirect's address and a cookie for the browser. */
const told = ({ status, headers, text }: Answer) => ({
  status,
  text,
  headers: [...headers].filter(([name]) => name !== "location" && name !== "set-cookie"),
});

const runJourneys = async (): Promise<{ readonly harvest: Harvest; readonly customers: readonly TestCustomer[] }> => {
  const harvest: Harvest = { secrets: {}, answers: [], sessionIds: [] };
  const { "client_id 0": _, ...finchSecrets } = await readSecrets();
  for (const [name, value] of Object.entries(finchSecrets)) harvest.secrets[`Finch ${name}`] = value;
  harvest.secrets["backend's client secret"] = readStack().clientSecret;
  harvest.secrets["backend's access token"] = await getApiToken();
  const customers = [...(await travelAround(harvest)), ...(await importAround(harvest))];
  await misplace(harvest);
  return { harvest, customers };
};

/** Everything that was logged since then, once it speaks of these sessions. */
const readLogsAbout = async (sessionIds: readonly string[], since: Date): Promise<readonly string[]> => {
  for (const giveUpAt = Date.now() + 20_000; Date.now() < giveUpAt; await sleep(500)) {
    const lines = await readLogs(since);
    if (sessionIds.every((id) => lines.some((line) => line.includes(id)))) return lines;
  }
  throw new Error("the functions' logs do not speak of all sessions");
};

describe("secrets", () => {
  it("are nowhere but where they belong, after journeys that ended well and badly", { timeout: 150_000 }, async () => {
    const since = new Date(Date.now() - 1_000);
    const { harvest, customers } = await runJourneys();
    const { secrets, answers, sessionIds } = harvest;
    const logs = await readLogsAbout(sessionIds, since);
    // One of them has nothing but refused imports, and thereby no event.
    for (const { id } of customers.slice(0, -1)) await bus.of(id, 1);
    // Beside the stack's outputs are the logs of what it runs on, where the stack is a local one.
    const folder = join(dirname(process.env["PERCH_OUTPUTS"] ?? ""), "logs");
    const files = ["emulated-aws.log", "simulated-finch.log", "start.log"]
      .map((name) => join(folder, name))
      .filter((file) => existsSync(file))
      .map((file) => readFileSync(file, "utf8"));
    const places = {
      "the functions' logs": logs,
      "the table": await readTable(),
      "the table's past": await readStream(),
      events: bus.all(),
      replies: answers.map(told),
      "log files": files,
    };

    expect(findSecrets(places, secrets)).toEqual([]);
    expect(Object.keys(secrets)).toContain("Finch client_secret 0");
    // What is no secret is found in each place: they were searched.
    const [, sessionId = ""] = sessionIds;
    const found = findSecrets(places, { "a session's id": sessionId });
    for (const place of ["the functions' logs", "the table", "the table's past", "events", "replies"]) {
      expect(found).toContain(`a session's id in clear in ${place}`);
    }
  });

  it("would be found, however they were written", () => {
    const secret = randomBytes(33).toString("base64url");
    const bytes = Buffer.from(secret);
    for (const planted of [
      secret,
      `{"deep":"${secret}"}`,
      bytes,
      { a: [{ b: Buffer.concat([Buffer.from("xy"), bytes]) }] },
      bytes.toString("base64"),
      `token=${Buffer.from(`Bearer ${secret}`).toString("base64")}`,
      Buffer.from(`{"t":"${secret}"}`).toString("base64url"),
      `log ${bytes.toString("hex")}`,
      { [secret]: 1 },
    ]) {
      expect(findSecrets({ somewhere: planted }, { canary: secret })).not.toEqual([]);
    }
    expect(findSecrets({ somewhere: [randomBytes(33).toString("base64url")] }, { canary: secret })).toEqual([]);
  });
});
