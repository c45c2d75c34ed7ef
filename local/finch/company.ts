/** `GET /employer/company`: who the employer is. */
import { dataReply, withEmployer } from "./employer.ts";
import { domainOf, employerNameOf, employerSeedOf } from "./employer-data.ts";
import type { Call, Reply } from "./http.ts";
import { addressOf } from "./identity.ts";
import { companyIdOf } from "./logins.ts";
import type { Simulation } from "./model.ts";
import { departments } from "./people-words.ts";
import { type SeededRandom, seededRandom } from "./seeded-random.ts";

/** Legal forms, as Finch names them. */
const forms = [
  { type: "corporation", subtype: "c_corporation" },
  { type: "corporation", subtype: "s_corporation" },
  { type: "corporation", subtype: "b_corporation" },
  { type: "llc", subtype: null },
  { type: "lp", subtype: null },
  { type: "partnership", subtype: null },
  { type: "non_profit", subtype: null },
  { type: "cooperative", subtype: null },
  { type: "sole_proprietor", subtype: null },
] as const;

/** Answers for the entity; the same employer at the same provider is the same company in every run. */
export const readCompany = (simulation: Simulation, call: Call): Reply =>
  withEmployer(simulation, call, "company", ({ connection, entity }) => {
    const name = employerNameOf(connection, entity);
    const random = seededRandom(`${employerSeedOf(connection, entity)} company`);
    return dataReply(simulation, {
      id: companyIdOf({ providerId: connection.providerId, company: name }),
      legal_name: name,
      entity: random.pick(forms),
      ein: `${10 + random.whole(90)}-${random.digits(7)}`,
      primary_email: `office@${domainOf(connection, entity)}`,
      primary_phone_number: `+1555${random.digits(7)}`,
      departments: departments.map(([department]) => ({ name: department, parent: null })),
      locations: [{ ...addressOf(random), name: "Head office", source_id: null }],
      accounts: [accountOf(name, random)],
    });
  });

/** An account that is at no bank: no routing number is all zeros. */
const accountOf = (name: string, random: SeededRandom) => ({
  routing_number: "000000000",
  account_name: name.slice(0, 40),
  institution_name: "Simulated Bank",
  account_type: "checking",
  account_number: random.digits(9),
});
