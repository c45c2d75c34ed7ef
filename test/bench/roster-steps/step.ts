/** Runs one step of a roster in this process, as its function does, and prints what it took. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { surroundings } from "#shared/aws/surroundings.ts";
import { createPeople } from "#shared/finch/people.ts";
import { createSendToFinch } from "#shared/finch/request.ts";
import { createLog } from "#shared/log.ts";
import { clustersPage } from "#shared/roster/employee-pages.ts";
import { findEmployee, listEmployees } from "#shared/roster/find-employees.ts";
import { readRecords } from "#shared/roster/read-pages.ts";
import { createPageVault } from "#shared/s3/page-vault.ts";
import { secret } from "#shared/secret.ts";
import { createHandler as createReadHandler } from "../../../functions/read-roster-page/handler.ts";
import { createHandler as createReconcileHandler } from "../../../functions/reconcile-roster/handler.ts";
import { createMemoryConnectionStore } from "../../support/memory/connection-store.ts";
import { createMemoryRosterStore } from "../../support/memory/roster-store.ts";
import { answerFrom } from "./answers.ts";
import { loadState, localDataKeys, openBucket, type Subject, saveState } from "./disk.ts";

/** What `main.ts` reads. */
export interface StepSample {
  /** CPU time, so that what else the machine does counts less; of parts, where a step has some. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Of the whole process, at most. */
  readonly megabytes: number;
  readonly objectsRead: number;
  readonly objectsWritten: number;
}

const [, , step = "", folder = "", pageSize = "", connection = ""] = process.argv;
const subject = JSON.parse(readFileSync(join(folder, "subject.json"), "utf8")) as Subject;
const state = loadState(folder);
const { bucket, counted } = openBucket(folder);
const rosters = createMemoryRosterStore(state);
const seconds: Record<string, number> = {};
let last = process.cpuUsage();
/** What has passed since the last part belongs to this one. */
const end = (part: string): void => {
  const { user, system } = process.cpuUsage(last);
  seconds[part] = (seconds[part] ?? 0) + (user + system) / 1e6;
  last = process.cpuUsage();
};

const deps = {
  ...surroundings,
  ...{ rosters, connections: createMemoryConnectionStore(state), dataKeys: localDataKeys, asksForSsn: true },
  ...{ log: createLog((line) => void (line.includes('"ERROR"') && process.stderr.write(`${line}\n`))) },
  pages: createPageVault(bucket, localDataKeys),
};
const about = { customer_id: subject.customerId, roster_id: subject.rosterId };
const context = { getRemainingTimeInMillis: () => 900_000 };

const steps: Readonly<Record<string, () => Promise<void>>> = {
  async plan() {
    await createReconcileHandler(deps)({ ...about, step: "plan" }, context);
    end("plan");
  },

  /** One invocation, which reads all of a connection. */
  async read() {
    const read = createReadHandler({
      ...deps,
      ...{ pageSize: Number(pageSize), firstWaitSeconds: 30, nudgeChecks: async () => {} },
      vault: { open: async () => secret("a token") },
      people: createPeople(createSendToFinch(answerFrom(folder, Number(connection)), 64 * 1_048_576)),
    });
    const connection_id = subject.connectionIds[Number(connection)];
    const { state: outcome } = await read({ ...about, step: "read", connection_id }, context);
    if (outcome !== "done") throw new Error(`the connection is not read: ${outcome}`);
    end("read");
  },

  /** What the customer's last roster has left: here, that each individual was an employee. */
  async remember() {
    const { customerId, rosterId, previousId } = subject;
    const records = await readRecords(deps.pages, subject, await rosters.reads(customerId, rosterId));
    const clusters = records.map(({ connection_id, entity_id, individual_id }, at) => ({
      employee_id: `emp_${at.toString(16).padStart(32, "0")}`,
      sources: [{ connection_id, entity_id, individual_id }],
    }));
    await deps.pages.put({ customerId, rosterId: previousId }, clustersPage, clusters);
  },

  async reconcile() {
    const reconcile = createReconcileHandler({
      ...deps,
      rosters: {
        ...rosters,
        // Asked for when all is there that is reconciled.
        decisions: async (customerId) => {
          end("open pages");
          return rosters.decisions(customerId);
        },
      },
      pages: {
        get: deps.pages.get,
        async put(...page) {
          if (counted.writes === 0) end("reconcile");
          await deps.pages.put(...page);
        },
      },
    });
    const { state: outcome } = { state: "", ...(await reconcile({ ...about, step: "reconcile" }, context)) };
    if (outcome !== "ready") throw new Error(`the roster is not reconciled: ${outcome}`);
    end("write employees");
  },

  async show() {
    const [connectionId] = subject.connectionIds;
    const query = { limit: 100, from: undefined, connectionId, name: undefined, email: undefined };
    const found = await listEmployees(deps)(subject.customerId, query);
    end("a page of the list");
    const one = await findEmployee(deps)(subject.customerId, found?.items[0]?.employee_id ?? "");
    if (one === undefined) throw new Error("nobody is found");
    end("one employee");
  },
};

const run = steps[step];
if (run === undefined) throw new Error(`there is no step ${step}`);
await run();
const sample: StepSample = {
  ...{ seconds, megabytes: process.resourceUsage().maxRSS / 1_024 },
  ...{ objectsRead: counted.reads, objectsWritten: counted.writes },
};
saveState(folder, state);
process.stdout.write(JSON.stringify(sample));
