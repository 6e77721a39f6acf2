import type { CloudStatus } from "../cloud/snapshot.js";

/** What a rehearsal cannot have shown, by how its servers were kept apart. */
export function isolationNotes(isolation: CloudStatus["isolation"]): string[] {
  if (isolation !== "paper") return [];
  return [
    "Servers were on paper: the load went through the real load balancers, and the local cloud answered it in the servers' names. " +
      "Routing, capacity, draining and the order of things were rehearsed; image, user data, start-up time and the app's own speed were not.",
  ];
}
