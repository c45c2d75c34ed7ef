/**
 * Which way imports point: functions → shared/<vendor> → the domain in shared/. `test/unit/boundaries.test.ts` breaks each rule
 * once, so that a rule that matches nothing is found.
 */

/** The domain, in the folders of its parts, and the small things that all of the runtime stands on. */
const core = [
  "^shared/(connection|budget|employee|employer|page|roster|use)/",
  "^shared/(result|log|retention|secret)\\.ts$",
];

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "domain-knows-no-vendor",
      comment: "The domain imports itself and hash functions: no SDK, no HTTP, no clock, no adapter.",
      severity: "error",
      from: { path: core },
      to: { pathNot: [...core, "^(node:)?crypto$"] },
    },
    {
      name: "adapters-do-not-meet",
      comment:
        "A folder for a vendor (or for HTTP) knows the domain and nothing of another vendor. shared/aws puts them together for index.ts.",
      severity: "error",
      from: {
        path: "^shared/([^/]+)/",
        pathNot: [...core, "^shared/secrets-manager/finch-credentials\\.ts$", "^shared/aws/"],
      },
      to: { path: "^shared/", pathNot: [...core, "^shared/$1/"] },
    },
    {
      name: "finch-credentials-takes-a-type",
      comment: "It gives what shared/finch asks for, so it knows that type; it runs nothing of another folder.",
      severity: "error",
      from: { path: "^shared/secrets-manager/finch-credentials\\.ts$" },
      to: { path: "^shared/", pathNot: [...core, "^shared/secrets-manager/"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "functions-are-islands",
      comment: "One folder is one Lambda. What two of them need is in shared/.",
      severity: "error",
      from: { path: "^functions/([^/]+)/" },
      to: { path: "^functions/", pathNot: "^functions/$1/" },
    },
    {
      name: "handlers-know-no-vendor",
      comment: "handler.ts decides, index.ts wires: a handler runs in a test without any SDK.",
      severity: "error",
      from: { path: "^functions/[^/]+/handler\\.ts$" },
      to: {
        path: ["node_modules/", "^shared/(?!(connection|budget|employee|employer|page|roster|use|http)/|[^/]+\\.ts$)"],
        // The exchange function's event, as its caller and it agree on it.
        pathNot: "^shared/lambda/exchange-request\\.ts$",
      },
    },
    {
      name: "handlers-reach-no-sdk",
      comment: "Not by a detour either.",
      severity: "error",
      from: { path: "^functions/[^/]+/handler\\.ts$" },
      to: { path: "node_modules/@aws-sdk/", reachable: true },
    },
    {
      name: "sdk-in-adapters-and-index",
      comment: "Clients are made in index.ts and used in the folder of their vendor.",
      severity: "error",
      from: {
        path: "^(functions|shared)/",
        pathNot: [
          "^functions/[^/]+/index\\.ts$",
          "^shared/(aws|dynamodb|eventbridge|kms|lambda|s3|secrets-manager|sfn|sqs)/",
        ],
      },
      to: { path: "node_modules/@(aws-sdk|smithy)/" },
    },
    {
      name: "finch-is-asked-with-leave",
      comment: "What sends to Finch is wrapped in the budget in one place: nothing goes there past it.",
      severity: "error",
      from: { path: "^(functions|shared)/", pathNot: ["^shared/finch/", "^shared/aws/way-to-finch\\.ts$"] },
      to: { path: "^shared/finch/transport\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "middy-in-endpoint",
      comment:
        "endpoint.ts is the one place that knows how a gateway's event is answered. The naive function is what bundles are compared with.",
      severity: "error",
      from: { pathNot: ["^shared/http/endpoint\\.ts$", "^test/bench/import-cpu/naive\\.ts$"] },
      to: { path: "node_modules/@middy/" },
    },
    {
      name: "runtime-stands-alone",
      comment: "What runs in a Lambda imports nothing of how it is deployed, started here or tested.",
      severity: "error",
      from: { path: "^(functions|shared|\\.generated)/" },
      to: { path: "^(cdk|local|test)/" },
    },
    {
      name: "runtime-needs-no-development-package",
      comment: "A bundle is made of dependencies, never of devDependencies.",
      severity: "error",
      from: { path: "^(functions|shared|web)/", pathNot: "^web/build\\.ts$" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "cdk-is-a-leaf",
      comment: "The CDK app is run, not imported; only tests look inside.",
      severity: "error",
      from: { pathNot: "^(cdk|test)/" },
      to: { path: "^cdk/" },
    },
    {
      name: "cdk-deploys-files",
      comment: `The CDK app takes functions and the document as files: it imports no code that runs in them. The one exception
is a table of numbers that both must agree on.`,
      severity: "error",
      from: { path: "^cdk/" },
      to: { path: "^(functions|shared|local|test)/", pathNot: "^shared/retention\\.ts$" },
    },
    {
      name: "simulated-finch-stands-alone",
      comment: "A simulator that shares code with its client shares its mistakes.",
      severity: "error",
      from: { path: "^local/finch/" },
      to: { path: "^(?!local/finch/|node_modules/)[^/]+/", dependencyTypesNot: ["core"] },
    },
    {
      name: "page-stands-alone",
      comment: "The page knows its API's document, not its code.",
      severity: "error",
      from: { path: "^web/" },
      to: { path: "^(cdk|functions|shared|local|test|\\.generated)/" },
    },
    {
      name: "page-runs-in-a-browser",
      comment: "What is built for a browser asks nothing of Node. build.ts builds it.",
      severity: "error",
      from: { path: "^web/", pathNot: "^web/build\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "runtime-takes-the-document",
      comment: "A function renders the page's document and headers; everything else of the page is files to it.",
      severity: "error",
      from: { path: "^(functions|shared)/" },
      to: { path: "^web/", pathNot: "^web/(document|config)\\.ts$" },
    },
    {
      name: "tests-are-not-imported",
      comment: "Only tests import tests.",
      severity: "error",
      from: { pathNot: "^test/" },
      to: { path: "^test/" },
    },
    {
      name: "no-cycles",
      comment: "Two modules that need each other are one, or three.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      comment: "A module that imports nothing and is imported by nothing is left over, unless it is run.",
      severity: "error",
      from: {
        orphan: true,
        pathNot: [
          "^functions/[^/]+/index\\.ts$",
          "\\.test\\.ts$",
          "^local/[^/]+\\.m?[jt]s$",
          "^shared/aws/stand-ins/",
          "^test/.+\\.cjs$",
        ],
      },
      to: {},
    },
    {
      name: "no-unresolvable",
      comment: "An import that leads nowhere hides from every other rule.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    // Types are imports too; each is told apart as `type-only`. "specify" would compile every file beside, for twice the time.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
