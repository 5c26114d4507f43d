from setuptools import setup

setup(
  name = 'protobuf',
  version = '2.5.0',
  packages = ['google', 'google.protobuf'],
  namespace_packages = ['google'],
)
