import { randomBytes, randomUUID } from "node:crypto";
import type { AuditStore } from "#shared/connection/audit.ts";
import type { AuthorizationResponse } from "#shared/connection/exchange-authorization-code.ts";
import type { NewSessionAnswer } from "#shared/connection/finch-port.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import type { InvokedExchange, InvokeExchange } from "#shared/connection/session-ending.ts";
import { enterPage } from "#shared/page/enter-page.ts";
import { createHandler as createChange } from "../../../functions/change-page-connection/handler.ts";
import { createHandler as createComplete } from "../../../functions/complete-page-connect/handler.ts";
import { createHandler as createCreate } from "../../../functions/create-page-session/handler.ts";
import { createHandler as createOpen } from "../../../functions/open-page-session/handler.ts";
import { createHandler as createRead } from "../../../functions/read-page/handler.ts";
import { createHandler as createStart } from "../../../functions/start-page-connect/handler.ts";
import { aProfile, minute, newCustomerId, noon } from "../../support/builders.ts";
import { createMemoryStores } from "../../support/memory/stores.ts";
import { type Asked, ask, recordLog } from "./support.ts";

/** Where browsers reach the deployment. */
export const publicUrl = "https://perch.example";

/** What the page's script sends with whatever changes something. */
export const fromPage = { origin: publicUrl, "sec-fetch-site": "same-origin" };

/** The functions of the connections page over one memory, and a clock that a test moves. */
export const createPageSetting = ({ mode = "redirect" }: { readonly mode?: "redirect" | "embedded" } = {}) => {
  const stores = createMemoryStores();
  const { log, lines } = recordLog();
  let time = noon;
  const surroundings = { now: () => time, newId: () => randomUUID(), randomBytes, sleep: async () => {} };
  const { customers, pages } = stores;
  let isAuditDown = false;
  const audit: Pick<AuditStore, "record"> = {
    record: async (entry) => {
      if (isAuditDown) throw new Error("throttled");
      await stores.audit.record(entry);
    },
  };
  const page = { log, publicUrl, enter: enterPage({ now: surroundings.now, customers, pages }) };
  /** What Finch was asked for, what was put into queues, and what the exchange function was called with. */
  const [asked, nudged, exchanged] = [[], [], []] as [unknown[], unknown[], AuthorizationResponse[]];
  let finchAnswer: NewSessionAnswer = { kind: "created", connectUrl: "https://connect.example/s", finchSessionId: "s" };
  const atFinch = (kind: string) => async (request: object) => {
    asked.push({ kind, ...request });
    return finchAnswer;
  };
  let reply: InvokedExchange = { status: "not_run" };
  const exchange: InvokeExchange = async (response) => {
    exchanged.push(response);
    return reply;
  };
  const handlers = {
    create: createCreate({
      ...surroundings,
      ...{ log, customers, pages, publicUrl, audit },
      returnOrigins: ["https://app.example.com"],
      languages: ["en", "es"],
    }),
    open: createOpen({ ...surroundings, ...page, customers, pages, audit }),
    read: createRead({ ...page, ...stores, now: surroundings.now }),
    start: createStart({
      ...{ ...surroundings, ...page, ...stores, mode, products: ["company", "directory"] },
      redirectUri: `${publicUrl}/connect/callback`,
      finch: { createSession: atFinch("new"), createReauthentication: atFinch("again") },
    }),
    change: createChange({
      ...{ ...surroundings, ...page, ...stores, audit },
      nudgeDisconnects: async (connections) => void nudged.push(...connections),
      nudgeChecks: async (requests) => void nudged.push(...requests),
    }),
    complete: createComplete({ ...surroundings, ...page, sessions: stores.sessions, audit, exchange }),
  };

  /** A customer with a page that is open: what its browser sends, and what it was told. */
  const openPage = async (customerId: CustomerId = newCustomerId()) => {
    const incarnation = randomUUID();
    await customers.put(aProfile({ customerId }), { incarnation, defaultMode: "multiple", now: noon });
    const made = await askFor("create", "POST /v1/customers/{customer_id}/page-sessions", {
      path: { customer_id: customerId },
    });
    const secret = new URL(String(made.body["url"])).hash.slice(1);
    const opened = await use(secret);
    const [cookie = ""] = opened.cookies[0]?.split(";") ?? [];
    const id = String(opened.body["page_session_id"]);
    return {
      customerId,
      incarnation,
      secret,
      id,
      cookie,
      headers: { ...fromPage, "x-perch-page": id },
      cookies: [cookie],
    };
  };

  const use = (secret: string, headers: Readonly<Record<string, string>> = fromPage) =>
    askFor("open", "POST /page/sessions", { headers, body: { link_secret: secret } });

  const askFor = (handler: keyof typeof handlers, name: string, asked: Asked = {}) => {
    const [method = "", path = ""] = name.split(" ");
    return ask(handlers[handler], { method, path }, asked);
  };

  return {
    ...{ asked, nudged, exchanged },
    /** What Finch and the exchange function answer from now on. */
    letFinchAnswer: (answer: NewSessionAnswer) => {
      finchAnswer = answer;
    },
    letExchangeAnswer: (answer: InvokedExchange) => {
      reply = answer;
    },
    ...{ stores, lines, handlers, openPage, use, ask: askFor },
    /** From now on no entry of the audit is stored. */
    failAudit: () => {
      isAuditDown = true;
    },
    /** Lets so many minutes go by. */
    wait: (minutes: number) => {
      time = new Date(time.getTime() + minutes * minute);
    },
  };
};
