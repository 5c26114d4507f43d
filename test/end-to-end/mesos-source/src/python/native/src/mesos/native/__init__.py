from mesos.native import _mesos
import mesos.interface

linked = _mesos.linked()
