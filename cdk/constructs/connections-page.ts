import { copyFileSync, mkdirSync } from "node:fs";
import { extname, join } from "node:path";
import { Construct } from "constructs";
import type { ConnectionDataStack } from "../connection-data-stack.ts";
import type { Stage } from "../stages.ts";
import type { ApiFunction } from "./api-function.ts";

/** What the connections page is made from. */
export interface ConnectionsPageProps {
  readonly stage: Stage;
  readonly data: ConnectionDataStack;
  /** What exchanges codes. */
  readonly exchange: ApiFunction;
  /** The folder that holds the functions' bundles. */
  readonly bundles: string;
  /** Makes one of the API stack's functions, from another folder of bundles if one is given. */
  readonly create: (name: string, bundles?: string) => ApiFunction;
}

/** The page on which customers see and change their connections: its files, its sessions, and what its script calls. */
export class ConnectionsPage extends Construct {
  constructor(scope: Construct, id: string, props: ConnectionsPageProps) {
    super(scope, id);
    this.#serve(props);
    const { stage, data, create } = props;
    const link = create("create-page-session").fn;
    data.table.letCreatePageSessions(link);
    data.table.letRecordActs(link);
    link.addEnvironment("PUBLIC_URL", data.publicUrl);
    link.addEnvironment("RETURN_ORIGINS", stage.returnOrigins.join(","));
    link.addEnvironment("PAGE_LANGUAGES", stage.page.config.languages.join(","));
    const open = create("open-page-session").fn;
    data.table.letOpenPageSessions(open);
    data.table.letRecordActs(open);
    const read = create("read-page").fn;
    data.table.letEnterPage(read);
    data.table.letListConnections(read);
    data.table.letReadSessions(read);
    for (const fn of [open, read]) fn.addEnvironment("PUBLIC_URL", data.publicUrl);
    this.#connect(props);
    this.#change(props);
  }

  /** Connect's ways out of the page and back to it. */
  #connect({ stage, data, create, exchange }: ConnectionsPageProps) {
    const start = create("start-page-connect").fn;
    data.table.letEnterPage(start);
    data.table.letCreateSessions(start);
    data.table.letRecordActs(start);
    data.finch.letAuthenticate(start);
    start.addEnvironment("PAGE_MODE", stage.page.config.mode);
    start.addEnvironment("PAGE_PRODUCTS", stage.page.products.join(","));
    const complete = create("complete-page-connect");
    data.table.letEnterPage(complete.fn);
    data.table.letReadSessions(complete.fn);
    data.table.letRecordActs(complete.fn);
    exchange.letInvoke(complete, "EXCHANGE_FUNCTION_NAME");
    for (const fn of [start, complete.fn]) fn.addEnvironment("PUBLIC_URL", data.publicUrl);
  }

  /** What the customer does to a connection. It opens no token: looks and disconnects are asked of those who do. */
  #change({ data, create }: ConnectionsPageProps) {
    const change = create("change-page-connection").fn;
    data.table.letEnterPage(change);
    data.table.letLabelConnections(change);
    data.table.letRecordActs(change);
    data.table.letFindSiblings(change);
    change.addEnvironment("PUBLIC_URL", data.publicUrl);
  }

  /** What serves the files has no permission at all. */
  #serve({ stage, bundles, create }: ConnectionsPageProps) {
    const { config, logoFile } = stage.page;
    const logo = logoFile === undefined ? undefined : `logo${extname(logoFile)}`;
    const { fn } = create("serve-page", logoFile && logo ? addFile(bundles, "serve-page", logoFile, logo) : undefined);
    fn.addEnvironment("PAGE_CONFIG", JSON.stringify(config));
    if (logo !== undefined) fn.addEnvironment("PAGE_LOGO", logo);
  }
}

/** A folder of bundles with this function's, and a file beside it. The other folder is every stage's. */
const addFile = (bundles: string, name: string, file: string, as: string): string => {
  const folder = `${bundles}-with-logo`;
  mkdirSync(join(folder, name), { recursive: true });
  copyFileSync(join(bundles, name, "index.js"), join(folder, name, "index.js"));
  copyFileSync(file, join(folder, name, as));
  return folder;
};
