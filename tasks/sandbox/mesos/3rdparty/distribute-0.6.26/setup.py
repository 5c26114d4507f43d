#!/usr/bin/env python
from setuptools import setup

setup(
  name = 'distribute',
  version = '0.6.26',
  description = 'Stands where the real release has its copy of distribute, for who takes every egg that he finds',
  packages = ['distribute_miniature'],
)
