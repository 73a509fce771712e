quiet
caps.drop all
nonewprivs
noroot
seccomp
seccomp.block-secondary
restrict-namespaces
protocol inet,inet6
net none
ipc-namespace
machine-id
hostname sandbox
nodbus
nogroups
nosound
no3d
novideo
x11 none
private-dev
private-tmp
disable-mnt
private-etc ssl,ca-certificates,ld.so.cache,localtime
blacklist /var/lib
blacklist /boot
whitelist /opt/node/bin/node
whitelist /proj/app/server.js
whitelist /proj/app/docs
whitelist /proj/app/out
read-only /opt/node/bin/node
read-only /proj/app/server.js
read-only /proj/app/docs
read-write /proj/app/out
read-only /proj/app/out/.git/hooks
env PATH=/usr/bin:/bin
env HOME=/tmp
env TMPDIR=/tmp
env LANG=C.UTF-8
env MODE=quiet
rlimit-nproc 40
rlimit-fsize 8388608
rlimit-nofile 256
rlimit-cpu 60

--- not held
env API_KEY: not written down; firejail passes on the environment of whoever starts it, so start it with a clean one
limits.pids: counted over everything the user runs
limits.memoryMiB: held by watching only
limits.tmpMiB: /tmp is private but not bounded
files.read: a project under /tmp is hidden by the private one
children: programs of /usr can be started
protected names: the folder above one can be moved aside
firejail itself is setuid root
