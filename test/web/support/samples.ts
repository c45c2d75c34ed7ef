/** Connections as the page's API tells them, for the states of the page. */

/** What the API says of a connection. */
export interface SampleConnection {
  readonly connection_id: string;
  readonly provider_id: string;
  readonly provider_name: string;
  readonly status: string;
  readonly username: string | null;
  readonly authentication_methods: readonly { readonly type: string }[];
  readonly products: readonly string[];
  readonly entities: readonly SampleEntity[];
  readonly possible_duplicates: readonly string[];
  readonly last_successful_sync: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly version: number;
}

/** What the API says of a company in it. */
export interface SampleEntity {
  readonly id: string;
  readonly name: string | null;
  readonly status: string | null;
  readonly legal_name: string | null;
  readonly ein_last_four: string | null;
}

const hour = 3_600_000;

/** So many hours ago. */
const ago = (hours: number): string => new Date(Date.now() - hours * hour).toISOString();

const products = ["company", "directory", "individual", "employment", "payment", "pay_statement"];

/** A company. */
export const entity = (name: string, tax: string | null = null, status = "connected"): SampleEntity => ({
  id: `entity-${name.replace(/\W/g, "").toLowerCase().slice(0, 40)}`,
  name,
  status,
  legal_name: null,
  ein_last_four: tax,
});

/** A connection that works, at Gusto unless it says otherwise. */
export const connection = (change: Partial<SampleConnection> = {}): SampleConnection => ({
  connection_id: "90b7d1e3-0000-4000-8000-000000000001",
  provider_id: "gusto",
  provider_name: "Gusto",
  status: "connected",
  username: "dana.reyes@northwind.example",
  authentication_methods: [{ type: "oauth" }],
  products,
  entities: [entity("Northwind Studio LLC", "3302")],
  possible_duplicates: [],
  last_successful_sync: ago(3),
  created_at: ago(24 * 200),
  updated_at: ago(3),
  version: 1,
  ...change,
});

/** A connection of several companies, of which one may be signed out. */
export const adp = (signedOut = false): SampleConnection =>
  connection({
    connection_id: "41f0c2aa-0000-4000-8000-000000000002",
    provider_id: "adp_run",
    provider_name: "RUN Powered by ADP",
    username: "payroll@northwind.example",
    authentication_methods: [{ type: "credential" }],
    products: [...products, "benefits", "ssn"],
    last_successful_sync: ago(signedOut ? 72 : 1),
    entities: [
      entity("Northwind Trading Co.", "4821"),
      entity("Northwind Logistics LLC", "0937", signedOut ? "reauth" : "connected"),
      entity("Northwind Retail Stores, Inc.", "5516"),
      entity("Warehouse hourly – biweekly pay group"),
    ],
  });

export const rippling = connection({
  connection_id: "6dab009c-0000-4000-8000-000000000003",
  provider_id: "rippling",
  provider_name: "Rippling",
  last_successful_sync: ago(1),
  entities: [entity("Northwind Canada Ltd.", "7710")],
});

export const paychex = connection({
  connection_id: "17aa02d9-0000-4000-8000-000000000004",
  provider_id: "paychex_flex",
  provider_name: "Paychex Flex",
  status: "pending",
  username: null,
  authentication_methods: [{ type: "assisted" }],
  products: [],
  entities: [entity("Northwind Farms Inc.", null, "pending")],
  last_successful_sync: null,
  created_at: ago(72),
});

const second = "c2e4470f-0000-4000-8000-000000000005";

/** Two sign-ins that may be of one employer. */
export const twins: readonly SampleConnection[] = [
  connection({ possible_duplicates: [second] }),
  connection({
    connection_id: second,
    username: "omar.haddad@northwind.example",
    possible_duplicates: [connection().connection_id],
    last_successful_sync: ago(26),
    created_at: ago(24 * 12),
  }),
];

/** One connection of each status. */
export const eachStatus: readonly SampleConnection[] = [
  "connected",
  "processing",
  "pending",
  "reauth",
  "error_permissions",
  "error_no_account_setup",
  "disconnected",
  "disconnecting",
  "held",
  "some_new_status",
].map((status, index) =>
  connection({
    connection_id: `0000000${index}-0000-4000-8000-000000000006`,
    status,
    username: status === "held" ? null : `user.${index}@northwind.example`,
    entities: status === "held" ? [] : [entity(`Northwind ${index} LLC`, `330${index}`)],
    last_successful_sync: ["processing", "pending", "held"].includes(status) ? null : ago(72),
    created_at: ago(24 * 9),
    updated_at: ago(72),
  }),
);

const systems = [
  ["adp_workforce_now", "ADP Workforce Now"],
  ["bamboo_hr", "BambooHR"],
  ["gusto", "Gusto"],
  ["paychex_flex", "Paychex Flex"],
  ["rippling", "Rippling"],
  ["ukg_ready", "UKG Ready"],
  ["paylocity", "Paylocity"],
  ["quickbooks", "QuickBooks Payroll"],
] as const;

/** So many connections, of which the oldest needs its customer. */
export const many = (count: number): readonly SampleConnection[] =>
  Array.from({ length: count }, (_, index) => {
    const [provider_id, provider_name] = systems[index % systems.length] ?? systems[0];
    const oldest = index === count - 1;
    return connection({
      connection_id: `${String(index).padStart(8, "0")}-0000-4000-8000-000000000007`,
      provider_id,
      provider_name,
      status: oldest ? "reauth" : index % 100 === 50 ? "pending" : "connected",
      username: `store.${index}@cornerbakery.example`,
      entities: [entity(`Corner Bakery ${index} LLC`, String(1_000 + (index % 9_000)))],
      last_successful_sync: ago((index % 20) + 1),
    });
  });

/** Names that want to be markup, run, turn the text around, or break the layout. */
export const hostile: readonly SampleConnection[] = [
  connection({
    connection_id: "bad00001-0000-4000-8000-000000000008",
    provider_id: "<img src=x>",
    provider_name: "<img src=x onerror=alert(1)>",
    username: '"><script>alert(1)</script>@example.com',
    status: "reauth",
    last_successful_sync: "yesterday?",
    products: ["company", "<b>new</b>"],
    entities: [
      entity(
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft mit beschränkter Haftung & Co. KG",
        "0000",
      ),
    ],
  }),
  connection({
    connection_id: "bad00002-0000-4000-8000-000000000009",
    username: "averyveryveryveryverylongmailboxnamewithoutanybreakopportunity@subdomain.of.a.very.long.domain.example",
    entities: [
      entity("\u202egnp.tnemyap\u202c شركة النجم Ltd. 🚀", "1111"),
      { ...entity("{{7*7}} {provider} ; DROP TABLE", null, "reauth"), legal_name: null },
      entity(`Z${"\u0337\u0321\u0322\u031b".repeat(10)}algo Inc.`),
      { ...entity("nameless"), name: null },
    ],
  }),
];
