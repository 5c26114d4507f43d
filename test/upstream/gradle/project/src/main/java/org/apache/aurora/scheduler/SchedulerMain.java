package org.apache.aurora.scheduler;

import com.example.commons.Args;
import org.apache.aurora.api.Api;

public class SchedulerMain {
  public static void main(String[] args) {
    System.out.println("made of " + Args.class.getName() + " and " + Api.class.getName());
  }
}
