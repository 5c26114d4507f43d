from mesos.native._mesos import PLATFORM
