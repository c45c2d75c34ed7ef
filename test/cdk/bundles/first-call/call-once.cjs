/**
 * A fresh process, as Lambda starts one: loads the bundle that it is given, calls it once, and tells the parent what it
 * answered and what of undici was loaded by then.
 */
const [, , bundle, event] = process.argv;
const context = { awsRequestId: "first-call", getRemainingTimeInMillis: () => 600_000 };

const tell = (answer) => {
  const undici = process.moduleLoadList.filter((name) => name.includes("undici"));
  process.send({ ...answer, undici }, () => process.exit(0));
};

Promise.resolve()
  .then(() => require(bundle).handler(JSON.parse(event), context))
  .then(
    (answer) => tell({ answer: answer ?? null }),
    (error) => tell({ error: String(error?.stack ?? error) }),
  );
