/** The parts of `npm run revoke-all`: its arguments, the API as it asks it, and what shows how far it is. */
import { describe, expect, it } from "vitest";
import { forEach } from "../../local/revoke/for-each.ts";
import { parseRevokeOptions } from "../../local/revoke/options.ts";
import { createPatientApi } from "../../local/revoke/patient-api.ts";
import { progressBar } from "../../local/revoke/progress-bar.ts";

const credentials = {
  apiUrl: "https://perch.example.com",
  tokenUrl: "https://id.example.com/token",
  clientId: "client",
  clientSecret: "not-a-real-secret",
  scopes: "perch/customers:read",
};
const environment = {
  PERCH_API_URL: `${credentials.apiUrl}/`,
  PERCH_TOKEN_URL: credentials.tokenUrl,
  PERCH_CLIENT_ID: credentials.clientId,
  PERCH_CLIENT_SECRET: credentials.clientSecret,
};
const { signal } = new AbortController();

describe("the arguments of revoke-all", () => {
  const parse = (...args: string[]) => parseRevokeOptions(args, environment);

  it("name whose connections are meant, and a deployment by the environment", () => {
    const { apiUrl } = credentials;
    expect(parse("--customer", "acme", "--dry-run")).toMatchObject({
      ok: true,
      value: { scope: { customerId: "acme" }, dryRun: true, yes: false, wait: false, credentials: { apiUrl } },
    });
    expect(parse("--customer", "acme", "--provider", "gusto")).toMatchObject({
      value: { scope: { customerId: "acme", providerId: "gusto" } },
    });
    expect(parse("--all", "--yes", "--wait")).toMatchObject({ value: { scope: {}, yes: true, wait: true } });
    expect(parse("--help")).toEqual({ ok: true, value: undefined });
  });

  it.each([
    [[], "--all"],
    [["--dry-run"], "--all"],
    [["--all", "--customer", "acme"], "--all"],
    [["--all", "--provider", "gusto"], "--all"],
    [["--customer", ""], "id"],
    [["--everything"], "--help"],
    [["--all", "--outputs", "/nowhere/outputs.json"], "/nowhere/outputs.json"],
  ])("refuse %j", (args, saying) => {
    expect(parse(...args)).toMatchObject({ ok: false, refusal: expect.stringContaining(saying) });
  });

  it("refuse half a deployment, and one to which a secret would go in clear", () => {
    const { PERCH_CLIENT_SECRET: _, ...half } = environment;
    expect(parseRevokeOptions(["--all"], half)).toMatchObject({ refusal: expect.stringContaining("CLIENT_SECRET") });
    const open = { ...environment, PERCH_TOKEN_URL: "http://id.example.com/token" };
    expect(parseRevokeOptions(["--all"], open)).toMatchObject({ refusal: expect.stringContaining("https") });
  });
});

describe("the API that revoke-all asks", () => {
  const token = () => new Response(JSON.stringify({ access_token: "jwt" }));

  /** Answers with these one after the other; tells what was asked, and how long was paused. */
  const open = (...answers: (Response | "nothing")[]) => {
    const [asked, pauses] = [[] as string[], [] as number[]];
    const api = createPatientApi(credentials, signal, {
      async fetch(url, init) {
        asked.push(`${init?.method} ${url}`);
        const answer = answers.shift();
        if (answer === undefined || answer === "nothing") throw new TypeError("fetch failed");
        return answer;
      },
      pause: async (ms) => pauses.push(ms),
    });
    return { api, asked, pauses };
  };

  it("is asked again after no answer, 429 and 5xx, no sooner than it says", async () => {
    const busy = new Response(JSON.stringify({ retry_after: 7 }), { status: 503 });
    const { api, pauses } = open(token(), "nothing", new Response("{}", { status: 429 }), busy, new Response("{}"));
    expect(await api.call("GET", "/v1/customers")).toEqual({ status: 200, text: "{}" });
    expect(pauses).toEqual([500, 1_000, 7_000]);
  });

  it("is given up after eight attempts, with what it said last", async () => {
    const { api, pauses } = open(token());
    expect((await api.call("DELETE", "/v1/x")).status).toBe(599);
    expect(pauses).toHaveLength(7);
  });

  it("is asked with a new token when the old one is over, and not again after that", async () => {
    const over = () => new Response("{}", { status: 401 });
    const { api, asked } = open(token(), over(), token(), new Response("{}"));
    expect((await api.call("GET", "/v1/customers")).status).toBe(200);
    expect(asked.filter((each) => each.includes("/token"))).toHaveLength(2);
    const refused = open(token(), over(), token(), over());
    await expect(refused.api.call("GET", "/v1/customers")).rejects.toThrow("may not do this");
  });

  it("says so when there is no token to be had", async () => {
    await expect(open(new Response("{}", { status: 400 })).api.call("GET", "/")).rejects.toThrow(
      "are client and scopes",
    );
  });
});

it("a bar is full at its end only", () => {
  expect(progressBar(0, 0)).toMatch(/^█+ 0 of 0$/);
  expect(progressBar(999, 1_000)).toMatch(/^█{23}░ 999 of 1000$/);
  expect(progressBar(1_000, 1_000)).toMatch(/^█{24} 1000 of 1000$/);
});

it("so many at a time, until one fails", async () => {
  let [underway, most] = [0, 0];
  const work = async (item: number) => {
    underway += 1;
    most = Math.max(most, underway);
    await new Promise(setImmediate);
    underway -= 1;
    if (item === 7) throw new Error("seven");
  };
  await forEach([1, 2, 3, 4, 5, 6], 3, work);
  expect(most).toBe(3);
  await expect(forEach([7, 8, 9], 2, work)).rejects.toThrow("seven");
});
