#include <Python.h>
#include <curl/curl.h>
#include <sasl/sasl.h>
#include <zlib.h>

extern int drivers(void);

static PyObject* linked(PyObject* self, PyObject* none)
{
  return Py_BuildValue("ssi", curl_version(), zlibVersion(), drivers() + sasl_client_init(NULL));
}

static PyMethodDef methods[] = {
  {"linked", linked, METH_NOARGS, "What this was linked with."},
  {NULL, NULL, 0, NULL}
};

PyMODINIT_FUNC init_mesos(void)
{
  Py_InitModule("_mesos", methods);
}
