/** Which releases the miniatures stand for. Each Aurora goes with one Mesos. */
export const versions = { mesos: '0.20.1', aurora: '0.7.0-incubating' }
