#!/usr/bin/env bash
# Makes a site below FOLDER: tiny artefacts as Maven lays them out, and two plugins as Gradle's portal does.
set -euo pipefail
site="${1:?folder}"
work="$(mktemp -d)"
gradle=(/usr/share/gradle/lib/*.jar /usr/share/gradle/lib/plugins/*.jar /usr/share/java/groovy-all.jar)

main() {
  publish com.example.commons args 0.2.9 <<<'package com.example.commons; public class Args {}'
  publish com.example.commons quantity 0.0.99 <<<'package com.example.commons; public class Quantity {}'
  publish com.example hint-tasks 3 <<<'package com.example.hint; public class HintTask extends org.gradle.api.DefaultTask {}'
  publish_plugin com.example.hint 1.12 Hint com.example:hint-tasks:3
  publish_plugin com.example.licence 0.11 Licence
}

# publish_plugin ID VERSION CLASS [NEEDED]: in an artefact named otherwise, to which one of the plugin's own name leads.
publish_plugin() {
  local artefact="${1##*.}-plugin"
  publish com.example "$artefact" "$2" "${4:-}" "$1" <<<"package com.example; import org.gradle.api.*;
    public class $3 implements Plugin<Project> { public void apply(Project project) {} }"
  write_pom "$1" "$1.gradle.plugin" "$2" "com.example:$artefact:$2" pom
}

# publish GROUP NAME VERSION [NEEDED [PLUGIN]]: compiles the class that standard input has.
publish() {
  local source class jar
  source="$(cat)"
  class="$(sed -n 's/.*public class \([A-Za-z]*\).*/\1/p' <<<"$source")"
  rm -rf "${work:?}"/*
  mkdir -p "$work/out/META-INF/gradle-plugins"
  printf '%s\n' "$source" >"$work/$class.java"
  javac -nowarn -cp "$(IFS=:; printf '%s' "${gradle[*]}")" -d "$work/out" "$work/$class.java"
  [[ -z "${5:-}" ]] || printf 'implementation-class=com.example.%s\n' "$class" >"$work/out/META-INF/gradle-plugins/$5.properties"
  write_pom "$1" "$2" "$3" "${4:-}"
  jar="$(folder_of "$1" "$2" "$3")/$2-$3.jar"
  jar cf "$jar" -C "$work/out" .
}

# write_pom GROUP NAME VERSION [NEEDED [PACKAGING]]
write_pom() {
  local folder parts needed=''
  folder="$(folder_of "$1" "$2" "$3")"
  mkdir -p "$folder"
  IFS=: read -ra parts <<<"${4:-}"
  [[ -z "${4:-}" ]] || needed="<dependencies><dependency>$(coordinates "${parts[@]}")</dependency></dependencies>"
  printf '<project><modelVersion>4.0.0</modelVersion>%s<packaging>%s</packaging>%s</project>\n' \
    "$(coordinates "$1" "$2" "$3")" "${5:-jar}" "$needed" >"$folder/$2-$3.pom"
}

folder_of() {
  printf '%s\n' "$site/${1//.//}/$2/$3"
}

coordinates() {
  printf '<groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>' "$@"
}

main
