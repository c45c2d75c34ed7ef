import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { IntrospectAnswer } from "#shared/connection/finch-port.ts";
import { markPossibleDuplicates } from "#shared/connection/possible-duplicates.ts";
import { sweepChecks } from "#shared/connection/sweep-checks.ts";
import { tryConnections } from "#shared/connection/try-connections.ts";
import { createCheckPauseStore } from "#shared/dynamodb/check-pause-store.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createDueStore } from "#shared/dynamodb/due-store.ts";
import { createEmployerMarks } from "#shared/dynamodb/employer-marks.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { secret } from "#shared/secret.ts";
import { aConnection, afterNoon, anIntrospection, minute, newCustomerId, noon } from "../support/builders.ts";
import { createConnectionTable, createLocalClient, type Dynoxide, startDynoxide } from "../support/dynoxide.ts";
import { countUse, fillTable } from "../support/large-table.ts";
import { createMemorySurroundings } from "../support/memory/surroundings.ts";

/** Each connection is another employer's; its token says which. */
const healthyOf = (connectionId: string): IntrospectAnswer => ({
  kind: "introspected",
  introspection: anIntrospection({
    companyId: `company of ${connectionId}`,
    entities: [{ id: "entity-1", name: "Acme West", sourceId: `west of ${connectionId}`, status: "connected" }],
  }),
});

/**
 * What the sweep of checks costs with so many connections in the table, of which so many have fallen due: what is not due
 * costs nothing, and the calls keep the pace.
 */
export const describeSweepOfMany = (stored: number, due: number): void => {
  describe(`a sweep of ${stored} stored connections, of which ${due} are due`, () => {
    const tableName = "many";
    let dynoxide: Dynoxide;
    beforeAll(async () => {
      dynoxide = await startDynoxide();
      const client = createLocalClient(dynoxide.endpoint);
      await createConnectionTable(client, tableName);
      const customers = Array.from({ length: 1_000 }, () => newCustomerId());
      const connections = function* () {
        for (let index = 0; index < stored; index += 1) {
          const customerId = customers[index % customers.length] ?? newCustomerId();
          // Those that are due lie among the others.
          const isDue = Math.floor(((index + 1) * due) / stored) > Math.floor((index * due) / stored);
          yield aConnection({ customerId, nextCheckAt: afterNoon(isDue ? -minute : 24 * 60 * minute) });
        }
      };
      await fillTable(client, tableName, connections(), ({ nextCheckAt, connectionId }) =>
        // Nobody asks for the tokens of the others.
        nextCheckAt < noon ? Buffer.from(connectionId) : undefined,
      );
    }, 1_800_000);
    afterAll(() => dynoxide?.stop());

    it("reads each that is due once, scans nothing, and asks Finch at the pace", async () => {
      const client = createLocalClient(dynoxide.endpoint);
      const use = countUse(client);
      const table = openTable(tableName, client);
      const surroundings = createMemorySurroundings();
      const connections = createConnectionStore(table);
      const callTimes: number[] = [];
      const attempt = tryConnections({
        ...surroundings,
        connections,
        vault: {
          open: async (sealed) => secret("ciphertext" in sealed ? Buffer.from(sealed.ciphertext).toString() : ""),
          destroy: async () => {},
        },
        finch: {
          introspect: async (accessToken) => {
            callTimes.push(surroundings.now().getTime());
            return healthyOf(accessToken.reveal());
          },
        },
        afterLook: markPossibleDuplicates({ ...surroundings, connections, marks: createEmployerMarks(table) }),
        checkIntervalMs: 24 * 60 * minute,
        noteFailure: (error) => {
          throw error;
        },
      });
      const sweep = sweepChecks({
        ...surroundings,
        due: createDueStore(table),
        pauses: createCheckPauseStore(table),
        tryConnections: (trial) => attempt(trial, new Date(surroundings.now().getTime() + minute)),
        nudgeChecks: async (requests) => expect(requests).toEqual([]),
        checksPerRun: 600,
      });
      let runs = 0;
      for (let looked = 0; looked < due; runs += 1) {
        const begun = surroundings.now().getTime();
        const swept = await sweep();
        if (swept.kind !== "swept" || swept.looked === 0) expect.fail(`run ${runs + 1}: ${JSON.stringify(swept)}`);
        looked += swept.looked;
        surroundings.setNow(new Date(Math.max(surroundings.now().getTime(), begun + 5 * minute)));
      }
      expect(await sweep()).toMatchObject({ kind: "swept", looked: 0, lagMinutes: 0 });
      // One index entry, one connection, one token and one write for each; one pause for each run. Its two marks, which are
      // new, are each looked for, put, and looked for again, and the connection read once more. Nothing else.
      const marks = 2 * due;
      expect([use.itemsQueried, callTimes.length]).toEqual([due + marks, due]);
      expect(Object.fromEntries(use.commands)).toEqual({
        Query: 8 * (runs + 1) + 2 * marks,
        GetItem: 2 * due + marks + runs + 1,
        PutItem: marks,
        TransactWriteItems: due,
      });
      const mostInFiveMinutes = callTimes.map(
        (from) => callTimes.filter((time) => time >= from && time < from + 5 * minute).length,
      );
      expect(Math.max(...mostInFiveMinutes)).toBeLessThanOrEqual(800);
      process.stdout.write(
        `sweep of ${stored}: ${runs} runs, ${use.itemsQueried} items queried for ${due} due, ${Math.max(...mostInFiveMinutes)} calls in five minutes at most\n`,
      );
    }, 600_000);
  });
};
