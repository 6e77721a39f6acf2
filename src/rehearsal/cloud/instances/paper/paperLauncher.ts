import { Clock } from "../../clock.js";
import type { ConsoleRing } from "../consoleRing.js";
import type { BootPlan, InstanceProcesses, Launcher } from "../launcher.js";
import { loopbackHost } from "../loopback/loopbackAddress.js";
import type { InstanceSpec } from "../runtime.js";
import { PaperInstance } from "./paperInstance.js";
import { readPaperRelease } from "./paperRelease.js";
import { PaperServer } from "./paperServer.js";

/**
 * Instances on paper: they have an address, boot in a time that is always the same, answer health checks and requests, and end when
 * told to; but nothing of theirs runs, so a group may have a thousand. For rehearsing how a rollout of that size goes, not whether
 * an image or its user data works.
 */
export class PaperLauncher implements Launcher {
  readonly isolation = "paper";
  readonly isolationReason = "paper instances were asked for: user data is read for its settings, not run";
  private readonly server = new PaperServer();
  private readonly clock: Clock;

  /** @param speed AWS seconds per real second, by which boot times are divided */
  constructor(speed: number) {
    this.clock = new Clock(speed);
  }

  async launch(spec: InstanceSpec, _boot: BootPlan, console: ConsoleRing): Promise<InstanceProcesses> {
    const release = readPaperRelease(spec);
    console.note(`a paper instance: user data is not run; ${release.version} answers in ${release.bootSeconds} s`);
    const { clock, server } = this;
    return PaperInstance.start({ release, host: loopbackHost(spec.privateIpAddress), clock, console, server });
  }

  async close(): Promise<void> {
    // The shared server listens nowhere itself.
  }
}
