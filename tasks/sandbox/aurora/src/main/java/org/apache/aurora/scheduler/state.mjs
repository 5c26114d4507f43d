// Where the scheduler stands, as /vars tells it.
const STATES = [
  'IDLE',
  'PREPARING_STORAGE',
  'STORAGE_PREPARED',
  'LEADER_AWAITING_REGISTRATION',
  'ACTIVE',
  'DEAD',
]

export function newState() {
  const started = Date.now()
  let present = 'IDLE'
  const counts = { framework_registered: 0, scheduler_resource_offers: 0, outstanding_offers: 0 }
  return {
    counts,
    enter(next) {
      log(`SchedulerLifecycle state machine transition ${present} -> ${next}`)
      present = next
    },
    /** Name → number. */
    vars: () => ({
      ...counts,
      ...Object.fromEntries(STATES.map((name) => [`scheduler_lifecycle_${name}`, Number(name === present)])),
      jvm_uptime_secs: Math.floor((Date.now() - started) / 1000),
      miniature: 1,
      process_cpu_cores_utilized: 0,
      scheduler_backup_success: 0,
      scheduler_gc_tasks_created: 0,
    }),
  }
}

/** Writes a line as the real one does: level, month and day, time. */
export function log(text) {
  const [, month, day, time] = /-(\d+)-(\d+)T([\d:.]+)/.exec(new Date().toISOString())
  console.error(`I${month}${day} ${time} ${text}`)
}
