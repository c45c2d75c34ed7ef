import { secondsOf, type TimedMeasurement } from "../measurement.ts";

/** The bare round trip: gateway, authorizer, one function, one item. */
export const apiCall: TimedMeasurement = {
  kind: "timed",
  name: "api-call",
  what: "one call of the API: GET /v1/customers/{customer_id}, request to answer",
  async prepare({ api, createCustomer }) {
    const path = await createCustomer();
    return () => secondsOf(() => api.call("GET", path));
  },
};
