# Nothing is in it.
