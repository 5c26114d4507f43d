package org.apache.aurora.api;

public class Api {}
