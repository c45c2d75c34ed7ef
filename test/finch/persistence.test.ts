import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Finch from "@tryfinch/finch-api";
import { describe, expect, it, onTestFinished } from "vitest";
import { completeConnect } from "../../local/finch/drive-connect.ts";
import { application, aSession, redirectUri, startFinch } from "./support.ts";

const aFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "finch-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

describe("the state file", () => {
  it("brings everything back after a restart", async () => {
    const stateFile = join(aFolder(), "made", "finch.json");
    const before = await startFinch({ stateFile });
    const grant = await before.connectAndExchange();
    const code = await before.connectForCode({ products: ["company"] });
    await expect(before.connect({}, { username: "mfa", mfaCode: "none" })).rejects.toThrow("422");
    await before.control("POST", "settings", { customerIdMode: "latest" });
    await before.control("POST", "settings", { company: "Acme East", entityMode: "single" });
    await before.control("POST", "clock", { advance_ms: 1000 });
    const { body: stateBefore } = await before.control("GET", "state");
    await before.simulator.close();

    const after = await startFinch({ stateFile });
    const { body: stateAfter } = await after.control("GET", "state");
    const lasting = ({ settings, companySettings, sessions, connections, tokens, unusedCodes }: typeof stateBefore) => {
      return { settings, companySettings, sessions, connections, tokens, unusedCodes };
    };
    expect(lasting(stateAfter)).toEqual(lasting(stateBefore));
    expect(after.simulator.state.pendingSignIns.size).toBe(1);
    expect(after.simulator.state.pendingSignIns).toEqual(before.simulator.state.pendingSignIns);
    expect(await after.as(grant.access_token).account.introspect()).toMatchObject({
      connection_id: grant.connection_id,
    });
    expect(await after.exchange(code)).toMatchObject({ connection_id: grant.connection_id, products: ["company"] });
    expect((await after.connectAndExchange()).connection_id).toBe(grant.connection_id);
  });

  it("is readable by its owner only, leaves nothing beside it, and holds no code, token or secret", async () => {
    const folder = aFolder();
    const stateFile = join(folder, "finch.json");
    const { connectForCode, connectAndExchange } = await startFinch({ stateFile });
    const [grant, code] = [await connectAndExchange(), await connectForCode()];
    expect(statSync(stateFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["finch.json"]);
    const text = readFileSync(stateFile, "utf8");
    for (const secret of [grant.access_token, code, application.clientSecret]) expect(text).not.toContain(secret);
  });

  it.each([
    ["cut off", (text: string) => text.slice(0, -20)],
    ["empty", () => ""],
    ["of another version", (text: string) => text.replace('"version":2', '"version":1')],
    ["of another shape", (text: string) => text.replace('"sessions":[', '"sessions":[{},')],
    ["no object", () => "[]"],
  ])("that is %s is warned of in one sentence and replaced", async (_, damage) => {
    const stateFile = join(aFolder(), "finch.json");
    const before = await startFinch({ stateFile });
    await before.connectAndExchange();
    await before.simulator.close();
    writeFileSync(stateFile, damage(readFileSync(stateFile, "utf8")));

    const warnings: string[] = [];
    const after = await startFinch({ stateFile, warn: (sentence) => warnings.push(sentence) });
    expect(warnings).toEqual([expect.stringMatching(/starts empty, because .* damaged/)]);
    expect(after.simulator.state.sessions.size).toBe(0);
    await expect(after.connectAndExchange()).resolves.toBeTruthy();
    expect(JSON.parse(readFileSync(stateFile, "utf8"))).toMatchObject({ version: 2 });
  });
});

describe("the program", () => {
  const environment = {
    ...process.env,
    FINCH_CLIENT_ID: application.clientId,
    FINCH_CLIENT_SECRET: application.clientSecret,
    FINCH_REDIRECT_URIS: application.redirectUris.join(", "),
  };
  const start = (args: readonly string[], env: NodeJS.ProcessEnv = environment): ChildProcess => {
    const program = join(import.meta.dirname, "../../local/finch/main.ts");
    const child = spawn(process.execPath, [program, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  };
  const firstLine = async (child: ChildProcess, stream: "stdout" | "stderr"): Promise<string> => {
    const [chunk] = await once(child[stream] as NodeJS.ReadableStream, "data");
    return String(chunk);
  };
  const urlIn = (line: string) => /http:\S+/.exec(line)?.[0] ?? "";

  it("says when it is ready, keeps all through kill -9, and ends cleanly when asked", async () => {
    const stateFile = join(aFolder(), "finch.json");
    const first = start(["--port", "0", "--state", stateFile]);
    const line = await firstLine(first, "stdout");
    expect(line).toMatch(/^The simulated Finch is ready at http:\/\/127\.0\.0\.1:\d+\n$/);
    const sdkFor = (baseURL: string) =>
      new Finch({ baseURL, clientID: application.clientId, clientSecret: application.clientSecret, maxRetries: 0 });
    const { connect_url: connectUrl } = await sdkFor(urlIn(line)).connect.sessions.new(aSession);
    const code = (await completeConnect({ connectUrl, provider: "gusto" })).searchParams.get("code") ?? "";
    first.kill("SIGKILL");
    await once(first, "exit");

    const second = start(["--port", "0", "--state", stateFile]);
    const sdk = sdkFor(urlIn(await firstLine(second, "stdout")));
    await expect(sdk.accessTokens.create({ code, redirect_uri: redirectUri })).resolves.toMatchObject({
      customer_id: "acme",
    });
    second.kill("SIGTERM");
    expect(await once(second, "exit")).toEqual([0, null]);
  });

  it("says in a sentence why it cannot start", async () => {
    const { simulator } = await startFinch();
    const { port } = new URL(simulator.url);
    const { FINCH_CLIENT_ID: _, ...withoutClient } = environment;
    const [busy, nameless, misspelt] = [start(["--port", port]), start([], withoutClient), start(["--prot", "1"])];
    const [lines] = await Promise.all([
      Promise.all([busy, nameless, misspelt].map((child) => firstLine(child, "stderr"))),
      ...[busy, nameless, misspelt].map((child) => once(child, "exit")),
    ]);
    expect(lines[0]).toContain("choose one with --port");
    expect(lines[1]).toContain("FINCH_CLIENT_ID");
    expect(lines[2]).toContain("--prot");
    for (const line of lines) expect(line).not.toContain("    at ");
  });
});
