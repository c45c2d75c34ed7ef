/**
 * Requests that Schemathesis makes up from the OpenAPI document, good ones and bad ones, against a deployed stack of this
 * test's own: what they are answered with is in the document, and is no 5xx.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fuzzRequirements, root } from "../../local/stack/places.ts";
import { preparePython } from "../../local/stack/python.ts";
import { recordFigure } from "../support/evidence.ts";
import { createFuzzedCustomers, type FuzzedIds } from "../support/fuzzed-customers.ts";
import { withCookies } from "../support/fuzzed-pages.ts";
import { documentedOperations, nameOperation } from "../support/http-contract.ts";
import { isOfGateway, judgeFuzzCase } from "../support/judge-fuzz-case.ts";
import { type OwnStack, startOwnStack } from "../support/own-stack.ts";
import { type FuzzCase, type FuzzRun, runSchemathesis } from "../support/schemathesis.ts";
import { getApiToken, readStack } from "../support/stack.ts";

const seed = Number(process.env["PERCH_SEED"] ?? 1);
const folder = mkdtempSync(join(tmpdir(), "perch-fuzz-"));
const ids = join(folder, "ids.json");
const document = join(root, ".generated/openapi.json");

/** What no request gets through that is made up, and why. */
const closedToAll = new Map([
  [
    "GET /connect/callback",
    "takes a state that is bound to a browser's cookie; the tests of forged states make those up",
  ],
  ["GET /connect/pending/{session_id}", "waits for an exchange that is running, for the browser that began it"],
  ["POST /webhooks/finch", "takes what Finch has signed; the tests of forged webhooks sign"],
]);

let stack: OwnStack | undefined;
let known: FuzzedIds | undefined;
let python = "";
beforeAll(async () => {
  python = await preparePython(fuzzRequirements, join(folder, "python.log"), AbortSignal.timeout(300_000));
  stack = await startOwnStack("kms", "embedded");
  known = await createFuzzedCustomers();
  writeFileSync(ids, JSON.stringify(known));
}, 600_000);
afterAll(async () => {
  await stack?.remove();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** Two at a time, each with a part of the document. */
const parts = [
  ["--include-path-regex", "connections"],
  ["--exclude-path-regex", "connections"],
];

/** Runs it with both parts; what it says of itself must be in order. */
const fuzz = async (run: Pick<FuzzRun, "name" | "examples"> & Partial<FuzzRun>): Promise<readonly FuzzCase[]> => {
  const common = { folder, python, document, apiUrl: readStack().apiUrl, seed, ids, ...run };
  const reports = await Promise.all(
    parts.map((more, part) => runSchemathesis({ ...common, name: `${run.name}-${part}`, more })),
  );
  expect(reports.flatMap(({ errors }) => errors).slice(0, 5)).toEqual([]);
  return reports.flatMap(({ cases }) => cases).filter((each) => !isOfGateway(each));
};

const pathOf = ({ target }: FuzzCase): string => target.split(/[?#]/)[0] ?? "";

/** Whether it is a call of the page's script, which the page's cookie opens. */
const isOfPage = (fuzzed: FuzzCase): boolean => /^\/page\/(?!assets\/)/.test(pathOf(fuzzed));

/** How often each operation answered with which status. */
const countStatuses = (all: readonly FuzzCase[]): ReadonlyMap<string | undefined, ReadonlyMap<number, number>> => {
  const counts = new Map<string | undefined, Map<number, number>>();
  for (const each of all) {
    const name = nameOperation(each.method, pathOf(each));
    const ofOperation = counts.get(name) ?? new Map<number, number>();
    counts.set(name, ofOperation.set(each.status, (ofOperation.get(each.status) ?? 0) + 1));
  }
  return counts;
};

/** A token that somebody else has signed, with all that ours says. */
const forgeToken = async (): Promise<string> => {
  const [header, claims, signature = ""] = (await getApiToken()).split(".");
  return `${header}.${claims}.${Buffer.from(signature, "base64url").reverse().toString("base64url")}`;
};

describe("made-up requests", () => {
  const cases: FuzzCase[] = [];

  it("of the backend are answered as the document says, and none with a 5xx", { timeout: 1_800_000 }, async () => {
    const ofBackend = await fuzz({ name: "backend", examples: 160, authorization: `Bearer ${await getApiToken()}` });
    cases.push(...ofBackend);
    expect(ofBackend.flatMap(judgeFuzzCase).slice(0, 20)).toEqual([]);
    // They reach what is there, and are good as well as bad.
    for (const status of [200, 201, 202, 204, 400, 404, 409]) {
      expect(ofBackend.filter((each) => each.status === status).length, `${status}`).toBeGreaterThan(0);
    }
    for (const mode of ["positive", "negative"]) {
      expect(ofBackend.filter((each) => each.mode === mode).length, mode).toBeGreaterThan(ofBackend.length / 5);
    }
  });

  it("without a token, or with another's, reach what is open to all only", { timeout: 900_000 }, async () => {
    const closed = documentedOperations.filter(({ description }) => description.security.length > 0);
    const isClosed = ({ method, target }: FuzzCase) =>
      target.startsWith("/v1/") && closed.some((each) => each.method === method);
    const reversed = (cookie: string) => `${cookie.slice(0, -10)}${[...cookie.slice(-10)].reverse().join("")}`;
    for (const [name, { authorization, cookie }] of Object.entries({
      nobody: { authorization: undefined, cookie: () => null },
      forger: { authorization: `Bearer ${await forgeToken()}`, cookie: reversed },
      junk: { authorization: "Bearer x.y.z", cookie: () => "__Host-perch_page=x" },
    })) {
      const theirs = join(folder, `ids-of-${name}.json`);
      if (known !== undefined)
        writeFileSync(theirs, JSON.stringify({ ...known, pages: withCookies(known.pages, cookie) }));
      const ofStranger = await fuzz({ name, examples: 6, ids: theirs, ...(authorization && { authorization }) });
      cases.push(...ofStranger);
      expect(ofStranger.flatMap(judgeFuzzCase).slice(0, 20)).toEqual([]);
      expect(ofStranger.filter((each) => isClosed(each) && ![401, 404].includes(each.status)).slice(0, 5)).toEqual([]);
      expect(ofStranger.filter((each) => isClosed(each) && each.status === 401).length).toBeGreaterThan(200);
      const ofPage = ofStranger.filter(isOfPage);
      expect(ofPage.filter(({ status }) => status < 400).slice(0, 5)).toEqual([]);
      expect(ofPage.filter(({ status }) => status === 401).length).toBeGreaterThan(50);
    }
  });

  it("are 10,000 or more", () => {
    process.stdout.write(`made-up requests: ${cases.length} sent and answered, seed ${seed}\n`);
    expect(cases.length).toBeGreaterThanOrEqual(10_000);
    recordFigure("made-up requests", cases.length, "requests", "No answer is a 5xx or outside the OpenAPI document");
  });

  it("are let through by every operation but those that need a signature or a browser's cookie", () => {
    const counts = countStatuses(cases);
    const unopened = documentedOperations
      .map(({ name }) => ({ name, answered: [...(counts.get(name) ?? [])] }))
      .filter(({ answered }) => !answered.some(([status]) => status < 400));
    const said = unopened
      .filter(({ name }) => !closedToAll.has(name))
      .map(({ name, answered }) => `${name}: ${answered.map(([status, times]) => `${status} × ${times}`).join(", ")}`);
    expect(said).toEqual([]);
    expect(unopened.map(({ name }) => name).toSorted()).toEqual([...closedToAll.keys()].toSorted());
  });
});

describe("the judge of made-up requests", () => {
  let front: Server | undefined;
  afterAll(() => void front?.close());

  /** Perch behind a front that answers one operation in its own way. */
  const startFront = (status: number, body: object): Promise<string> =>
    new Promise((resolve) => {
      const { apiUrl } = readStack();
      front = createServer((incoming, outgoing) => {
        const { method, url = "/", headers } = incoming;
        if (url.startsWith("/health")) {
          outgoing.writeHead(status, {
            "content-type": "application/json",
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
          });
          return outgoing.end(JSON.stringify(body));
        }
        const onward = request(new URL(url, apiUrl), { method, headers }, (reply) => {
          outgoing.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
          reply.pipe(outgoing);
        });
        return incoming.pipe(onward);
      }).listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${((front as Server).address() as AddressInfo).port}`));
    });

  it.each([
    ["a 5xx that is documented", 500, { message: "Internal Server Error" }, "answered 500"],
    ["a status that is not", 418, { message: "I am a teapot" }, "the status 418 is not documented"],
    ["a body that is not", 200, { status: 7 }, "body/status"],
  ])("finds %s", async (name, status, body, sentence) => {
    const apiUrl = await startFront(status, body);
    const more = ["--include-path", "/health"];
    const run = { folder, python, document, apiUrl, seed, ids, examples: 2, name: `planted-${status}`, more };
    const { cases } = await runSchemathesis(run);
    front?.close();
    expect(cases.flatMap(judgeFuzzCase).join("\n"), name).toContain(sentence);
  });
});
