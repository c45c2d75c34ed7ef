/** Starts, stops and kills a local stack as a person would, in a folder of its own. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Outputs, readOutputs } from "../../local/stack/outputs.ts";
import { isRunning, signal } from "../../local/stack/own-processes.ts";
import { createPlaces, type Places, root } from "../../local/stack/places.ts";
import { findFreePort } from "../../local/stack/ports.ts";
import { readRun } from "../../local/stack/run-record.ts";

let places: Places;
let port: number;

/** Runs one of the npm scripts' tasks to its end. */
const task = (...args: readonly string[]): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "local/run.mjs"), ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, PERCH_LOCAL_FOLDER: places.folder },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (part) => {
        output += part;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });

const start = async (): Promise<Outputs> => {
  const { code, output } = await task("start", "--detach", "--port", String(port));
  expect(code, output).toBe(0);
  expect(output).toMatch(/Ready after \d/);
  return readOutputs(places.outputs);
};

const getRun = () => {
  const run = readRun(places.record);
  if (run === undefined) throw new Error("nothing runs");
  return run;
};

/** Calls the API with all scopes. */
const call = async (
  { apiUrl, tokenUrl, clientId, clientSecret }: Outputs,
  method: string,
  path: string,
  json?: object,
) => {
  const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
  const granted = await fetch(tokenUrl, {
    method: "POST",
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  const { access_token: accessToken } = (await granted.json()) as { access_token: string };
  return fetch(`${apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
    ...(json && { body: JSON.stringify(json) }),
  });
};

const connectionsOf = async (outputs: Outputs): Promise<readonly string[]> => {
  const response = await call(outputs, "GET", "/v1/customers/acme/connections");
  const { connections } = (await response.json()) as { connections: readonly { connection_id: string }[] };
  return connections.map((connection) => connection.connection_id).toSorted();
};

beforeAll(async () => {
  places = createPlaces(mkdtempSync(join(tmpdir(), "perch-test-")));
  port = await findFreePort();
});

afterAll(async () => {
  await task("stop");
  rmSync(places.folder, { recursive: true, force: true });
});

describe("a local stack", { timeout: 480_000 }, () => {
  it("starts with a customer that has two connections, and its secrets are for its owner's eyes only", async () => {
    const outputs = await start();
    expect(await connectionsOf(outputs)).toHaveLength(2);
    expect(statSync(places.outputs).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(places.logs, "start.log"), "utf8")).not.toContain(outputs.clientSecret);
  });

  it("refuses a second start with a sentence, and is not disturbed", async () => {
    const { code, output } = await task("start", "--port", String(port));
    expect(code).toBe(1);
    expect(output).toBe(
      `Perch runs already at http://localhost:${port}: use that one, or end it with "npm run stop".\n`,
    );
    expect((await fetch(`http://localhost:${port}/health`)).status).toBe(200);
  });

  it("has all that it had after a stop and a start", async () => {
    const before = readOutputs(places.outputs);
    expect((await call(before, "PUT", "/v1/customers/kept", { name: "Kept" })).status).toBe(201);
    const connections = await connectionsOf(before);
    const { emulator, finch, temporaryFolder } = getRun();
    expect((await task("stop")).output).toContain("what was stored is kept");
    expect([emulator, finch].filter((own) => own && isRunning(own))).toEqual([]);
    expect(() => statSync(temporaryFolder ?? "")).toThrow();

    const after = await start();
    expect(after).toEqual(before);
    expect(await connectionsOf(after)).toEqual(connections);
    expect((await call(after, "GET", "/v1/customers/kept")).status).toBe(200);
    expect(readFileSync(join(places.logs, "start.log"), "utf8")).toContain("made before");
  });

  it("starts without help after its launcher was killed, and has all that it had", async () => {
    const outputs = readOutputs(places.outputs);
    expect((await call(outputs, "PUT", "/v1/customers/orphan", { name: "Orphan" })).status).toBe(201);
    const { launcher, finch } = getRun();
    signal(launcher, "SIGKILL");
    const after = await start();
    expect(finch && isRunning(finch)).toBe(false);
    expect((await call(after, "GET", "/v1/customers/orphan")).status).toBe(200);
  });

  it("starts without help after all of it was killed, with what there was when it last started", async () => {
    const { launcher, emulator, finch } = getRun();
    for (const own of [launcher, emulator, finch]) if (own) signal(own, "SIGKILL");
    const after = await start();
    expect((await call(after, "GET", "/v1/customers/orphan")).status).toBe(200);
    expect(await connectionsOf(after)).toHaveLength(2);
  });
});
