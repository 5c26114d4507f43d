from setuptools import setup

setup(name = 'distribute', version = '0.6.26')
