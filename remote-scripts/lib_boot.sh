# shellcheck shell=bash
# Sourced after lib.sh by what has the system start services when it boots: by systemd, or by init scripts.
# shellcheck disable=SC2154 # services is set by lib_service.sh

# boots_by_systemd: whether systemd runs this host, as sd_booted(3) sees it.
boots_by_systemd() {
  [[ -d "$ROOT/run/systemd/system" ]]
}

# is_unit NAME: whether systemd knows the service.
is_unit() {
  [[ -f "$ROOT/etc/systemd/system/$(unit_of "$1").service" ]]
}

# unit_of NAME: what the system calls a service.
unit_of() {
  printf 'aurora-%s\n' "$1"
}

# start_at_boot NAME USER LOOP DESCRIPTION
start_at_boot() {
  local unit
  unit="$(unit_of "$1")"
  if boots_by_systemd; then
    install_content "$ROOT/etc/systemd/system/$unit.service" 0644 < <(print_unit "$@")
    as_root systemctl daemon-reload
    as_root systemctl --quiet enable "$unit"
  else
    install_content "$ROOT/etc/init.d/$unit" 0755 < <(print_init_script "$1" "$4")
    as_root update-rc.d "$unit" defaults >/dev/null
  fi
}

print_unit() {
  cat <<UNIT
[Unit]
Description=$4
After=network.target remote-fs.target

[Service]
User=$2
PermissionsStartOnly=true
ExecStartPre=$services/aurora_service.sh prepare $1
ExecStart=$services/$3
Restart=always
RestartSec=5
LimitNOFILE=16384

[Install]
WantedBy=multi-user.target
UNIT
}

print_init_script() {
  cat <<SCRIPT
#!/bin/sh
### BEGIN INIT INFO
# Provides:          $(unit_of "$1")
# Required-Start:    \$local_fs \$remote_fs \$network
# Required-Stop:     \$local_fs \$remote_fs \$network
# Should-Start:      zookeeper mesos-master mesos-slave
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
# Short-Description: $2
### END INIT INFO
PATH="\$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
export PATH
exec bash $services/aurora_service.sh "\$1" $1
SCRIPT
}
