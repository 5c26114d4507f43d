// The scheduler's flags: `-name=value`, booleans also `-name`. Unknown, unreadable and missing ones print the help and
// end with status 1.
const text = (value) => value !== ''
const whole = (value) => /^\d+$/.test(value)
const flag = (value) => /^(true|false)$/.test(value)
const duration = (value) => /^\d+(ns|us|ms|secs|mins|hrs|days)$/.test(value)
const data = (value) => /^\d+(B|KB|MB|GB|TB)$/.test(value)
const number = (value) => /^\d+(\.\d+)?$/.test(value)
const absolute = (value) => /^\/[^\s'"]+$/.test(value)
const endpoints = (value) => value.split(',').every((endpoint) => /^[\w.-]+:\d+$/.test(endpoint))
/** As a slave's fetcher sees it. */
const uri = (value) => /^(\/|(file|https?|ftps?|hdfs|hftp|s3n?):\/\/)[^\s'"]*[^\s'"/]$/.test(value)

const required = {
  cluster_name: text,
  serverset_path: absolute,
  mesos_master_address: text,
  zk_endpoints: endpoints,
  backup_dir: text,
}
/** The real one starts without these, and dies of it. */
const effectivelyRequired = {
  native_log_file_path: text,
  native_log_zk_group_path: absolute,
  thermos_executor_path: uri,
}
const optional = {
  gc_executor_path: [uri],
  native_log_quorum_size: [whole, '1'],
  http_port: [whole, '0'],
  hostname: [text, 'localhost'],
  thermos_executor_flags: [text],
  thermos_executor_resources: [text],
  thermos_executor_cpu: [number, '0.25'],
  thermos_executor_ram: [data, '128MB'],
  thermos_observer_root: [text, '/var/run/thermos'],
  executor_gc_interval: [duration, '1hrs'],
  backup_interval: [duration, '1hrs'],
  max_saved_backups: [whole, '48'],
  dlog_snapshot_interval: [duration, '1hrs'],
  max_registration_delay: [duration, '1mins'],
  max_leading_duration: [duration, '1days'],
  enable_legacy_constraints: [flag, 'true'],
  executor_user: [text, 'root'],
  framework_authentication_file: [text],
  require_slave_checkpoint: [flag, 'false'],
  framework_failover_timeout: [duration, '21days'],
  allowed_container_types: [
    (value) => value.split(',').every((type) => ['MESOS', 'DOCKER'].includes(type)),
    'MESOS',
  ],
  enable_beta_updater: [flag, 'false'],
  enable_cors_support: [flag, 'false'],
  cron_timezone: [text, 'GMT'],
  zk_session_timeout: [duration, '4secs'],
  zk_chroot_path: [text],
  zk_digest_credentials: [text],
  vlog: [text, 'INFO'],
  logtostderr: [flag, 'false'],
  alsologtostderr: [flag, 'false'],
}

const forms = {
  ...required,
  ...effectivelyRequired,
  ...Object.fromEntries(Object.entries(optional).map(([name, [form]]) => [name, form])),
}

/** Name → text, defaults filled in. */
export function readFlags(args) {
  const flags = Object.fromEntries(Object.entries(optional).map(([name, [, value]]) => [name, value]))
  for (const arg of args) {
    const [, name, value] = /^-(\w+)(?:=(.*))?$/s.exec(arg) ?? []
    if (name === 'help' || name === 'h') help(0)
    if (!(name in forms)) help(1, `Unknown argument: ${arg}`)
    const given = value ?? (forms[name] === flag ? 'true' : '')
    if (!forms[name](given)) help(1, `Argument ${name} cannot be ${given === '' ? 'empty' : given}`)
    flags[name] = given
  }
  const missing = Object.keys(required).find((name) => flags[name] === undefined)
  if (missing) help(1, `Missing required argument: ${missing}`)
  for (const name of Object.keys(effectivelyRequired)) {
    if (flags[name] === undefined) die(`java.lang.NullPointerException: -${name} is not set`)
  }
  return flags
}

/** Milliseconds of an amount such as `5mins`. */
export function durationOf(amount) {
  const units = { ns: 1e-6, us: 1e-3, ms: 1, secs: 1e3, mins: 6e4, hrs: 36e5, days: 864e5 }
  const [, count, unit] = /^(\d+)(\w+)$/.exec(amount)
  return Number(count) * units[unit]
}

function help(status, problem) {
  const lines = Object.keys(forms).map((name) => `-${name}${name in required ? ' (required)' : ''}`)
  if (problem) console.error(problem)
  console.error(['Usage: aurora-scheduler -name=value…  (the miniature of a sandbox)', ...lines].join('\n  '))
  process.exit(status)
}

function die(problem) {
  console.error(`${problem} (the sandbox's miniature scheduler)`)
  process.exit(1)
}
