import type { CheckRequest } from "#shared/connection/check-request.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { CompanyAnswer, EmployerRead } from "#shared/employer/ports.ts";
import { type ReadEmployersDependencies, readEmployers } from "#shared/employer/read-employers.ts";
import { aConnection } from "../../support/builders.ts";
import { createMemorySurroundings } from "../../support/memory/surroundings.ts";
import { createUseSetting } from "../../support/use-setting.ts";

/** An entity of a connection, as Finch names it. */
export const entity = (id: string, status = "connected") => ({ id, name: `Acme ${id}`, sourceId: null, status });

/** What Finch says of a company of this name. */
export const company = (legalName: string): CompanyAnswer => ({
  kind: "company",
  company: { legalName, entityType: "llc", entitySubtype: null, einLastFour: "6789" },
});
/** A connection whose employers nobody has read. */
export const unread = (changes: Partial<Connection> = {}) => aConnection({ employers: [], ...changes });

/** A connection, and a Finch that answers about each entity as it is told. */
export const createSetting = async (
  connection: Connection,
  answers: (entityId: string | null) => CompanyAnswer,
  changes: (setting: Awaited<ReturnType<typeof createUseSetting>>) => Partial<ReadEmployersDependencies> = () => ({}),
) => {
  const setting = await createUseSetting(connection);
  const { stores, vault, put } = setting;
  const asked: (string | null)[] = [];
  const looks: CheckRequest[] = [];
  const messages: (EmployerRead & { readonly delaySeconds: number })[] = [];
  const read = readEmployers({
    ...createMemorySurroundings(),
    ...{ connections: stores.connections, vault },
    readCompany: async (_, entityId) => {
      asked.push(entityId);
      return answers(entityId);
    },
    nudgeChecks: async (requests) => {
      looks.push(...requests);
    },
    nudgeEmployerReads: async (wanted, delaySeconds) => {
      messages.push({ ...wanted, delaySeconds });
    },
    ...changes(setting),
  });
  const { customerId, connectionId } = connection;
  const wanted = { customerId, connectionId, staleBefore: undefined, attempt: 0 };
  return {
    ...{ asked, looks, messages, stores, put },
    step: (more: Partial<EmployerRead> = {}) => read({ ...wanted, ...more }),
    employers: async () => (await stores.connections.find(customerId, connectionId))?.employers,
    version: async () => (await stores.connections.find(customerId, connectionId))?.version,
  };
};
