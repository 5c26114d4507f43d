/** The variable that tells a process that it is one round of a watching one, which it then talks to. */
export const marker = 'TASKS_WATCH_ROUND'
