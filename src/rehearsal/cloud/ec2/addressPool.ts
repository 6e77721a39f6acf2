import { addressText, type Cidr, cidrSize } from "./cidr.js";

/**
 * The private addresses of one subnet. AWS keeps the first four and the last address of each block for itself (botocore
 * model, CreateSubnet). Addresses are handed out in turn, so that a freed one is not given to the next instance at once.
 */
export class AddressPool {
  private readonly first: number;
  private readonly count: number;
  private readonly used = new Set<string>();
  private next = 0;

  constructor(cidr: Cidr) {
    this.first = cidr.base + 4;
    this.count = Math.max(0, cidrSize(cidr) - 5);
  }

  get available(): number {
    return this.count - this.used.size;
  }

  /** The next free address; undefined when the subnet is full. */
  allocate(): string | undefined {
    for (let tried = 0; tried < this.count; tried++) {
      const address = addressText(this.first + this.next);
      this.next = (this.next + 1) % this.count;
      if (this.claim(address)) return address;
    }
    return undefined;
  }

  /** Whether `address` is one that an instance may have. */
  holds(address: string): boolean {
    const value = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
    return addressText(value) === address && value >= this.first && value < this.first + this.count;
  }

  /** Takes one address; false when it is in use. */
  claim(address: string): boolean {
    if (this.used.has(address)) return false;
    this.used.add(address);
    return true;
  }

  release(address: string): void {
    this.used.delete(address);
  }
}
