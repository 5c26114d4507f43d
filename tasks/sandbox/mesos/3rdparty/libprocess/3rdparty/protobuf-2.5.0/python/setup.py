#!/usr/bin/env python
from setuptools import setup

setup(
  name = 'protobuf',
  version = '2.5.0',
  description = 'Stands where the real release has its copy of Protocol Buffers',
  packages = ['google', 'google.protobuf'],
  namespace_packages = ['google'],
)
