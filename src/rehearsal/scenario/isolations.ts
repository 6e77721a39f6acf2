/** How the rehearsal's own cloud keeps servers apart; on `paper` they run nothing. */
export const ISOLATIONS = ["auto", "namespace", "loopback", "paper"] as const;
