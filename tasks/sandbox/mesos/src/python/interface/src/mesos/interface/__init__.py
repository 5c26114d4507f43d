class Scheduler(object):
  """What a framework's scheduler may implement. A miniature: there is no driver to call it."""


class Executor(object):
  """What a framework's executor may implement. A miniature: there is no driver to call it."""
