import type { ConnectionStore } from "../connection/store-ports.ts";
import { toEmployer } from "./employer-item.ts";
import { setAtVersion } from "./set-at-version.ts";
import type { Table } from "./table.ts";

/** The write that sets what was read of a connection's employers, and nothing else. */
export const createKeepEmployers =
  (table: Table): ConnectionStore["keepEmployers"] =>
  (connection, employers) =>
    setAtVersion(table, connection, { employers: employers.map(toEmployer) });
