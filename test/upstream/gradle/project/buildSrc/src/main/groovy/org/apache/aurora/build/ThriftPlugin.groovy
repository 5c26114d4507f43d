package org.apache.aurora.build

import com.example.commons.Quantity
import org.gradle.api.Plugin
import org.gradle.api.Project

class ThriftPlugin implements Plugin<Project> {
  void apply(Project project) {
    project.ext.quantity = new Quantity()
  }
}
