#!/bin/sh
# Runs a script as nobody under a real systemd --user, in name spaces of its own: unshare -mpf --mount-proc sh FILE HOME SCRIPT.
# Beside it runs a process of root. What systemd says is in HOME/manager.log.
set -eu
mount -t tmpfs none /run/systemd
mkdir /run/systemd/system # "booted with systemd"
umount -l /sys/fs/cgroup
mount -t cgroup2 none /sys/fs/cgroup
group=/sys/fs/cgroup/$(basename "$1")
mkdir "$group"
chown -R 65534 "$1" "$group"
sleep 600 &
sh -c 'echo $$ >"$0/cgroup.procs"; exec "$@"' "$group" setpriv --reuid 65534 --regid 65534 --clear-groups env -i PATH="$PATH" HOME="$1" XDG_RUNTIME_DIR="$1/run" sh -euc '
  mkdir -m 700 "$HOME/run"
  /usr/lib/systemd/systemd --user >"$HOME/manager.log" 2>&1 &
  until systemctl --user --quiet is-system-running 2>"$HOME/asked.log"; do sleep 0.1; done
  sh -uc "$0"
' "$2" || true
echo 1 >"$group/cgroup.kill"
until find "$group" -depth -type d -exec rmdir {} + 2>/dev/null; do sleep 0.1; done
