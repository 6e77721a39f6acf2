import { toolPath } from "../../cloud/instances/probe.js";
import { findOnPath } from "../../engine/onPath.js";
import { PAUSE_IMAGE } from "../node.js";
import type { LocalImage } from "./image.js";

/** What holds a pod's namespaces: a program that does nothing, for ever. */
const sleep = findOnPath("sleep", toolPath) ?? "/bin/sleep";

export const pauseImage: LocalImage = { name: PAUSE_IMAGE, programs: [sleep], entrypoint: [sleep, "infinity"] };
