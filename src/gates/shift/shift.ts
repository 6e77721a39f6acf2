import type { Course } from "./course.js";
import type { Demand } from "./demand.js";
import type { HealthBook } from "./health.js";
import type { ShiftContext } from "./shiftRequest.js";

/** A shift under way: what its parts share. */
export interface Shift extends ShiftContext {
  readonly course: Course;
  readonly book: HealthBook;
  readonly demand: Demand;
}
