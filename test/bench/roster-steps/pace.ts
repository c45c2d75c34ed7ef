/** How a million people at one connection are read at Finch's pace, in simulated time: how often, how long, how far at a time. */
import { randomUUID } from "node:crypto";
import type { ConnectionId } from "#shared/connection/identifiers.ts";
import type { PageVault } from "#shared/roster/ports.ts";
import { type Call, jsonReply } from "../../../local/finch/http.ts";
import { createPacedRoster } from "../../support/paced-roster.ts";

const million = 1_000_000;
/** People are of no matter, and pages are: each stands for one of `pageSize` people. */
const [pageOf, connectionId, entityId] = [2, randomUUID() as ConnectionId, "entity-1"];

/** Reads them by pages of so many. */
export const paceOfMillion = async (pageSize: number) => {
  const pages = Math.ceil(million / pageSize);
  const answer = ({ query, body, method }: Call) => {
    if (method === "POST") {
      const { requests } = JSON.parse(body) as { readonly requests: readonly { readonly individual_id: string }[] };
      return jsonReply(200, { responses: requests.map((request) => ({ ...request, code: 200, body: {} })) });
    }
    const offset = Number(query.get("offset"));
    const individuals = Array.from({ length: pageOf }, (_, at) => ({ id: `${offset + at}` }));
    return jsonReply(200, { paging: { offset, count: pages * pageOf }, individuals });
  };
  const lastRead = new Map<string, unknown>();
  const vault: PageVault = {
    get: async (_, name) => lastRead.get(name),
    // Of all pages, only the directory is read again, and only the last.
    async put(_, name, value) {
      if (!name.endsWith("/directory")) return;
      lastRead.clear();
      lastRead.set(name, value);
    },
  };
  const connections = [{ connectionId, entityId, accessToken: "a token" }];
  const { finch, run } = await createPacedRoster({ connections, answer, pageSize: pageOf, pages: vault });
  const { children, readMinutes, reads } = await run();
  const { beyond } = finch.counters();
  const [child] = children;
  if (child === undefined || reads[0]?.state !== "complete" || Object.keys(beyond).length > 0) {
    throw new Error("the connection is not read to its end within Finch's limits");
  }
  return { ...child, hours: readMinutes / 60 };
};
