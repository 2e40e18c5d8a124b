#!/bin/sh
# Runs a script as root under a real systemd that is PID 1, in name spaces of its own, over this host's files, of which it
# changes none: unshare -m --propagation private sh FILE FOLDER PROJECT SCRIPT. There the project is at /opt/pmi and
# FOLDER at /out; what the script says is in FOLDER/said.
set -eu
folder=$1 project=$2
if [ $# = 3 ]; then
  mkdir "$folder/groups" "$folder/layer"
  printf '%s\n' "$3" >"$folder/script"
  mount -t cgroup2 none "$folder/groups"
  group=$folder/groups/$(basename "$folder")
  mkdir "$group"
  sh -c 'echo $$ >"$0/cgroup.procs"; exec "$@"' "$group" unshare -mpfuiC --kill-child --mount-proc sh "$0" "$@" alone || true
  echo 1 >"$group/cgroup.kill"
  until find "$group" -depth -type d -exec rmdir {} + 2>/dev/null; do sleep 0.1; done
  exit
fi
mount -t tmpfs none "$folder/layer"
mkdir "$folder/layer/upper" "$folder/layer/work" "$folder/layer/root"
root=$folder/layer/root
mount -t overlay none -o "lowerdir=/,upperdir=$folder/layer/upper,workdir=$folder/layer/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t cgroup2 none "$root/sys/fs/cgroup"
mount --rbind /dev "$root/dev"
for there in run tmp; do mount -t tmpfs none "$root/$there"; done
mkdir -p "$root/opt/pmi" "$root/out" "$root/host"
mount --bind "$project" "$root/opt/pmi"
mount --bind "$folder" "$root/out"
cat >"$root/etc/systemd/system/check.service" <<'UNIT'
[Service]
Type=oneshot
ExecStart=/bin/sh -u /out/script
ExecStopPost=/usr/bin/systemctl exit 0 --force
StandardOutput=file:/out/said
StandardError=inherit
UNIT
cd "$root"
pivot_root . host
umount -l /host
exec env -i PATH="$PATH" container=pmi-test /lib/systemd/systemd --system --unit=check.service
