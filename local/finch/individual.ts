/** `POST /employer/individual` and `POST /employer/employment`: who people are, and what they do at this employer. */
import { type BatchPerson, readBatch } from "./batch.ts";
import type { Call, Reply } from "./http.ts";
import type { Simulation } from "./model.ts";

/** Who these people are. The SSN is told to a token that covers it, and only when the request includes it. */
export const readIndividuals = (simulation: Simulation, call: Call): Reply =>
  readBatch(simulation, call, "individual", ({ token, person, idOf, include }) => ({
    id: idOf(person.index),
    first_name: person.firstName,
    middle_name: person.middleName,
    last_name: person.lastName,
    preferred_name: person.preferredName,
    emails: [emailOf(person.workEmail, "work"), emailOf(person.personalEmail, "personal")].flat(),
    phone_numbers: person.phone === null ? [] : [{ data: person.phone, type: "personal" }],
    gender: person.gender,
    ethnicity: person.ethnicity,
    dob: person.dob,
    residence: person.residence,
    marital_status: person.maritalStatus,
    ...(include.includes("ssn") && token.products.includes("ssn") ? { ssn: person.ssn } : {}),
  }));

/** What these people do. */
export const readEmployments = (simulation: Simulation, call: Call): Reply =>
  readBatch(simulation, call, "employment", describeEmployment);

const describeEmployment = ({ person, idOf }: BatchPerson) => {
  const { unit, amountCents } = person.income;
  const income = { unit, amount: amountCents, currency: "usd", effective_date: person.startDate };
  return {
    id: idOf(person.index),
    first_name: person.firstName,
    middle_name: person.middleName,
    last_name: person.lastName,
    title: person.title,
    manager: person.managerIndex === null ? null : { id: idOf(person.managerIndex) },
    department: { name: person.department },
    employment: { type: person.type, subtype: person.subtype },
    employment_status: person.status,
    start_date: person.startDate,
    end_date: person.endDate,
    latest_rehire_date: null,
    is_active: person.isActive,
    class_code: null,
    location: person.residence,
    income,
    income_history: [income],
    custom_fields: [],
    source_id: person.sourceId,
    work_id: person.sourceId,
    flsa_status: person.isExempt ? "exempt" : "non_exempt",
    union_code: null,
    union_local: null,
    highly_compensated_employee: null,
    key_employee: null,
  };
};

const emailOf = (data: string | null, type: "work" | "personal") => (data === null ? [] : [{ data, type }]);
