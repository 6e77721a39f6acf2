/**
 * The first process of an instance (process 1 of its process namespace), for any POSIX shell. Its channel to the host is
 * descriptor 3: it says `pid N`, waits for the line that says its network interface is there, then says `up`, and later
 * `image N` and `script N` with the result of each. SIGTERM makes it pass that on to every process; SIGUSR1 makes it look whether
 * anything is left. When it ends, the kernel ends whatever is left.
 *
 * Environment: BOOT_DIR (fstab, network, root/), BOOT_HOST, BOOT_SCRIPT and BOOT_COMMAND (empty when there is none).
 */
export const initScript = `
fail() { echo "failed $1" >&3; exit 1; }

# /proc is the host's here, so this is the number by which the host knows this process.
read -r outer rest </proc/self/stat || fail "reading its process number"
echo "pid $outer" >&3

# In a user namespace the kernel takes the name from the system call only.
{ echo "$BOOT_HOST" >/proc/sys/kernel/hostname; } 2>/dev/null || hostname "$BOOT_HOST" || fail "setting its host name"
mount -n -a -T "$BOOT_DIR/fstab" || fail "mounting its file systems"
read -r go <&3 || exit 1
ip -batch "$BOOT_DIR/network" || fail "setting up its network interface"
cd "$BOOT_DIR/root" || fail "entering its root directory"
pivot_root . .outside || fail "changing its root directory"
cd /
umount -l /.outside && rmdir /.outside || fail "leaving the machine's own root directory"
script=$BOOT_SCRIPT command=$BOOT_COMMAND
unset BOOT_DIR BOOT_HOST BOOT_SCRIPT BOOT_COMMAND PWD OLDPWD

# A real pipe as the console: /dev/stdout can be opened again by name, as on a machine. The relay also is the child that this
# shell waits for while it reaps orphans. Descriptor 4 keeps the pipe open until the end; it is never redirected, because a
# trap that runs during a redirection finds the saved copy still open.
mkfifo -m 622 /run/console || fail "making its console"
(trap '' TERM HUP INT; exec cat /run/console 3>&-) &
relay=$!
exec 4>/run/console >/dev/null 2>&1

# True while anything runs besides this process and the relay. Zombies do not count.
alive() {
  local entry line
  for entry in /proc/[0-9]*; do
    case \${entry#/proc/} in 1|"$relay") continue ;; esac
    read -r line <"$entry/stat" || continue
    case \${line##*) } in Z*|X*) ;; *) return 0 ;; esac
  done
  return 1
}
# Runs in traps, also inside itself: then the inner one knows better.
check() {
  [ -n "$started" ] || return 0
  alive && return 0
  trap '' USR1
  trap - CHLD
  exec 4>&-
  wait "$relay"
  exit 0
}
stop() {
  started=yes
  kill -TERM -1
  check
}
report() { echo "[hitless] $2 ended with status $3"; echo "$1 $3" >&3; }
trap stop TERM
trap check CHLD USR1
started=
echo up >&3

if [ -n "$command" ]; then
  (trap : TERM; /bin/sh -c "$command" 3>&-; report image "the image's command" $?) </dev/null >&4 2>&1 4>&- &
fi
if [ -n "$script" ]; then
  (trap : TERM; "$script" 3>&-; report script "the user data script" $?) </dev/null >&4 2>&1 4>&- &
fi
if [ -n "$script$command" ]; then
  started=yes
  check
fi
# Without its console (user data may kill whatever it likes) the instance cannot go on.
while kill -0 "$relay"; do wait "$relay"; done
exit 1
`;
