import type * as pulumi from "@pulumi/pulumi";
import type { PlatformEntrance } from "../front.js";

/** A header that a request must have to be let in. */
export interface GatewayHeaderArgs {
  /** The header's name; not `Host` (use `hosts`). */
  readonly name: string;
  /** Values, any of which will do; exactly as they are, without wildcards. */
  readonly values: string[];
}

/** Where traffic comes in through a Gateway (Gateway API): an HTTPRoute of the component's own. What `gateway({…})` takes. */
export interface GatewayEntranceArgs {
  /** The name of your Gateway, which has to allow routes from the fleet's namespace. A change moves the route there in place. */
  readonly gateway: pulumi.Input<string>;
  /**
   * The Gateway's namespace. A change moves the route there in place.
   * @default the fleet's
   */
  readonly gatewayNamespace?: pulumi.Input<string>;
  /**
   * The Gateway's listener, by its name. A change moves the route there in place.
   * @default every listener that takes it
   */
  readonly listener?: pulumi.Input<string>;
  /**
   * Host names, any of which will do; one may begin with `*.`. A change updates the route in place.
   * @default every host of the listener
   */
  readonly hosts?: string[];
  /**
   * The beginnings of paths, any of which will do, such as `/shop`. A change updates the route in place.
   * @default ["/"]
   */
  readonly paths?: string[];
  /**
   * Headers, each of which has to match. A change updates the route in place.
   * @default none
   */
  readonly headers?: GatewayHeaderArgs[];
  /**
   * Where users reach it, such as `https://shop.example.com`. It only makes the component's `url`; nothing is created from it.
   * @default none: `url` is undefined
   */
  readonly url?: pulumi.Input<string>;
}

/** What `gateway({…})` answers: the arguments, and what makes of them an entrance. */
export type GatewayEntrance = GatewayEntranceArgs & PlatformEntrance;
