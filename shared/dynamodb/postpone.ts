import type { ConnectionStore } from "../connection/store-ports.ts";
import { dueOf } from "./connection-item.ts";
import { setAtVersion } from "./set-at-version.ts";
import type { Table } from "./table.ts";

/** The write that sets when a connection is looked at next. What is due first stays so: a disconnect comes before a look. */
export const createPostpone =
  (table: Table): ConnectionStore["postpone"] =>
  (connection, nextCheckAt) =>
    setAtVersion(table, connection, {
      next_check_at: nextCheckAt.toISOString(),
      ...dueOf({ ...connection, nextCheckAt }),
    });
