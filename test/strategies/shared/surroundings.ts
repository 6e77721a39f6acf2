/** A load balancer that the programs of these tests take as given, and a listener of it. */
export const BALANCER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/front/0123456789abcdef";
export const LISTENER =
  "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/front/0123456789abcdef/fedcba9876543210";
