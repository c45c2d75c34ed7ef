/** Every route of the OpenAPI document refuses what it must, in the one way that the document says, and never breaks. */
import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import type * as schema from "#generated/openapi.ts";
import type { Answer } from "../support/api.ts";
import { readPage } from "../support/browser.ts";
import { awaitLook } from "../support/connections.ts";
import { type DocumentedOperation, documentedOperations } from "../support/http-contract.ts";
import { connect, createCustomer, startSession } from "../support/journey.ts";
import { sendRaw } from "../support/raw-request.ts";
import { getApiToken, readStack } from "../support/stack.ts";
import { itemsAbout } from "../support/table.ts";
import { expectUnchanged } from "../support/unchanged.ts";
import type { Malformed, RouteCase, Things } from "./route-case.ts";
import { routeCases } from "./route-cases.ts";

const usualBodyLimit = 65_536;

/** Two customers with a session and a connection each. */
let mine: Things;
let theirs: Things;

const createThings = async (): Promise<Things> => {
  const customer = await createCustomer();
  const { connectionId } = await connect(customer);
  await awaitLook(customer, connectionId);
  const open = await startSession(customer);
  return {
    customer: customer.id,
    session: open.session_id,
    connection: connectionId,
    ticket: open.connect_url.split("/").at(-1) ?? "",
  };
};

beforeAll(async () => {
  [mine, theirs] = await Promise.all([createThings(), createThings()]);
});

interface Change {
  readonly path?: string;
  readonly json?: unknown;
  readonly body?: string | Uint8Array;
  readonly contentType?: string;
  /** The scopes of the token that goes along, all when left out, none at all with `null`. */
  readonly scopes?: readonly string[] | null;
  readonly authorization?: string;
}

/** Makes the good request of a route, changed as it is said. */
const request = async ({ method }: DocumentedOperation, route: RouteCase, change: Change = {}): Promise<Answer> => {
  const json = "json" in change ? change.json : route.json;
  const body = change.body ?? (json === undefined ? undefined : JSON.stringify(json));
  const isPublic = typeof route.scope !== "string";
  const authorization =
    change.authorization ??
    (isPublic || change.scopes === null ? undefined : `Bearer ${await getApiToken(change.scopes)}`);
  return sendRaw(change.path ?? route.path(mine), {
    method,
    headers: {
      ...(authorization !== undefined && { authorization }),
      ...(body !== undefined && { "content-type": change.contentType ?? "application/json" }),
    },
    ...(body !== undefined && { body }),
  });
};

/** The problem without what differs from one request to the next. */
const withoutRequest = (answer: Answer): string => {
  const { request_id: requestId, instance: _, ...rest } = answer.json<schema.Problem>();
  expect(requestId).not.toBe("");
  return JSON.stringify(rest);
};

const notFound = JSON.stringify({
  type: "urn:perch:problem:not_found",
  title: "Not found.",
  status: 404,
  detail: "Nothing with this identifier belongs to this customer.",
});

const expectMalformed = async (operation: DocumentedOperation, route: RouteCase, malformed: Malformed) => {
  const { what, path, field, ...change } = malformed;
  const answer = await request(operation, route, { ...change, ...(path && { path: path(mine) }) });
  expect(answer.status, what).toBe(400);
  if (field === "page") {
    expect(readPage(answer), what).toMatch(/Open (the link|it) .*again/);
    return;
  }
  const { type, errors } = answer.json<schema.Problem>();
  expect(type, what).toBe("urn:perch:problem:invalid_request");
  expect(
    errors?.map((error) => error.field),
    what,
  ).toContain(field);
};

it("is in the table, every route of the document with its scope", () => {
  expect(documentedOperations.map(({ name }) => name).toSorted()).toEqual(Object.keys(routeCases).toSorted());
  for (const { name, description } of documentedOperations) {
    const { scope } = routeCases[name] ?? {};
    const asked = description.security.flatMap(({ oauth2 }) => oauth2);
    expect([name, asked]).toEqual([name, typeof scope === "string" ? [`perch/${scope}`] : []]);
  }
});

describe.each(documentedOperations)("$name", (operation) => {
  const route = routeCases[operation.name];
  if (route === undefined) return;
  const { scope, unknownCustomer, things, malformed } = route;

  if (typeof scope === "string") {
    it("answers 401 without a token that the gateway believes", async () => {
      const good = await getApiToken();
      const [head = "", claims = "", signature = ""] = good.split(".");
      const unsigned = Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url");
      const otherSignature = randomBytes(signature.length).toString("base64url").slice(0, signature.length);
      const tokens = ["x", "x.y.z", `${head}.${claims}.${otherSignature}`, `${unsigned}.${claims}.`];
      const authorizations = [...tokens.map((token) => `Bearer ${token}`), "Basic eDp5", "Bearer", ""];
      const answers = [await request(operation, route, { scopes: null })];
      for (const authorization of authorizations) answers.push(await request(operation, route, { authorization }));
      for (const answer of answers) {
        expect([answer.status, answer.json()]).toEqual([401, { message: "Unauthorized" }]);
      }
    });

    it("answers 403 to a token that has every scope but its own", async () => {
      const others = readStack()
        .scopes.split(" ")
        .map((each) => each.replace(/^perch\//, ""))
        .filter((each) => each !== scope);
      const answer = await request(operation, route, { scopes: others });
      expect([answer.status, answer.json()]).toEqual([403, { message: "Forbidden" }]);
    });
  }

  if (unknownCustomer === true) {
    it("answers 404 for an unknown customer", async () => {
      const path = route.path({ ...mine, customer: `nobody-${crypto.randomUUID()}` });
      const answer = await request(operation, route, { path });
      expect([answer.status, withoutRequest(answer)]).toEqual([404, notFound]);
    });
  }

  if (!("because" in things)) {
    it("answers with the same 404 for what is another customer's and for what nobody has", async () => {
      for (const thing of things) {
        for (const id of [theirs[thing], crypto.randomUUID()]) {
          const answer = await request(operation, route, { path: route.path({ ...mine, [thing]: id }) });
          expect([answer.status, withoutRequest(answer)]).toEqual([404, notFound]);
        }
        // The other way round: the thing is mine, the customer in the path is the other one.
        const answer = await request(operation, route, { path: route.path({ ...mine, customer: theirs.customer }) });
        expect([answer.status, withoutRequest(answer)]).toEqual([404, notFound]);
      }
    });
  }

  if (!("because" in malformed)) {
    it("answers 400 to what does not match the document, naming the field, and changes nothing", async () => {
      await expectUnchanged(
        () => itemsAbout(mine.customer),
        async () => {
          for (const each of malformed) await expectMalformed(operation, route, each);
        },
      );
    });
  }

  it("answers 413 to a body over its limit, and not to one at it", async () => {
    const bodyLimit = operation.description["x-perch-body-limit"] ?? usualBodyLimit;
    const over = await request(operation, route, { body: "x".repeat(bodyLimit + 1) });
    expect(over.status).toBe(413);
    if (operation.description["x-perch-answers"] === "page") expect(readPage(over)).toContain("Too much was sent");
    else expect(over.json()).toMatchObject({ type: "urn:perch:problem:payload_too_large", status: 413 });
    const at = await request(operation, route, { body: "x".repeat(bodyLimit) });
    expect(at.status).not.toBe(413);
  });
});

it("answers every unknown ticket and session of a browser with one page", async () => {
  const paths = [
    `/connect/${randomBytes(48).toString("base64url")}`,
    `/connect/${"x".repeat(22)}`,
    `/connect/pending/${crypto.randomUUID()}`,
    `/connect/pending/${mine.session}`,
  ];
  const answers = await Promise.all(paths.map((path) => sendRaw(path)));
  expect(answers.map((answer) => answer.status)).toEqual([410, 410, 410, 410]);
  expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
});
