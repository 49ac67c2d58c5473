# Sourced by ./cloacina, ./benchmark and ./crash-test: builds a module's self-contained jar when it is missing or older than its
# sources, then becomes the Java process that runs it.
#
#   run_jar ROOT MODULE JAR WHAT JVM_OPTIONS ARGUMENT...
#
# JVM_OPTIONS is one word, split at its spaces; the arguments are passed on as they are. With shares_classes=yes the jar is that
# of the command line, and starts with an archive of its classes. With uses=MODULE the sources of that one count too.

fail() {
    echo "$1" >&2
    exit 1
}

# Sets java to the program to run. The version is read from the file that every JDK carries, which spares a second JVM.
find_java() {
    if [ -n "${JAVA_HOME:-}" ]; then
        java=$JAVA_HOME/bin/java
        [ -x "$java" ] || fail "JAVA_HOME is $JAVA_HOME, but there is no bin/java in it: set it to a JDK 17 or newer."
    else
        java=$(command -v java) || fail "java was not found: install a JDK 17 or newer, or set JAVA_HOME."
    fi
    release=$(dirname "$(dirname "$(readlink -f "$java")")")/release
    version=
    if [ -r "$release" ]; then
        version=$(sed -n 's/^JAVA_VERSION="\([^"]*\)".*/\1/p' "$release")
    fi
    if [ -z "$version" ]; then
        version=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
    fi
    major=${version%%[!0-9]*}
    if [ -z "$major" ] || [ "$major" -lt 17 ]; then
        fail "Java 17 or newer is needed, but $java is ${version:-of an unknown version}."
    fi
}

# Directories count too: removing a source changes its directory's time.
is_stale() {
    [ ! -f "$jar" ] || [ -n "$(find "$root/pom.xml" "$root/.mvn" \
        "$root/api/pom.xml" "$root/api/src/main" \
        "$root/cron/pom.xml" "$root/cron/src/main" \
        "$root/processor/pom.xml" "$root/processor/src/main" \
        "$root/schema/pom.xml" "$root/schema/src/main" \
        "$root/engine/pom.xml" "$root/engine/src/main" \
        "$root/server/pom.xml" "$root/server/src/main" \
        "$root/$module/pom.xml" "$root/$module/src/main" \
        "$root/${uses:-$module}/pom.xml" "$root/${uses:-$module}/src/main" \
        -newer "$jar" -print 2>/dev/null | head -n 1)" ]
}

# Keeps the classes that a command loads in an archive beside the jar, so that the next ones start in about half the time.
# Sets archive to its path, or to nothing where it could not be made: an empty file remembers that.
share_classes() {
    archive=$root/$module/target/classes-$version.jsa
    if [ ! "$archive" -nt "$jar" ]; then
        scratch=$(mktemp -d)
        if "$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "-XX:ArchiveClassesAtExit=$scratch/a.jsa" \
            -cp "$jar" io.cloacina.cli.ClassArchive "sqlite:$scratch/a.db"; then
            mv -f "$scratch/a.jsa" "$archive.$$" && mv -f "$archive.$$" "$archive"
        else
            : >"$archive"
        fi >/dev/null 2>&1 || true
        rm -rf "$scratch"
    fi
    [ -s "$archive" ] || archive=
}

run_jar() {
    root=$1
    module=$2
    jar=$root/$module/target/$3
    what=$4
    jvm_options=$5
    shift 5
    find_java
    if is_stale; then
        command -v mvn >/dev/null || fail "mvn was not found: install Maven 3.8 or newer to build $what."
        echo "building $what (once)..." >&2
        output=$(cd "$root" && mvn -q -B -pl "$module" -am -Dchecks.skip -DskipTests package </dev/null 2>&1) || {
            echo "$output" >&2
            fail "$what could not be built: see above."
        }
    fi
    if [ "${shares_classes:-no}" = yes ]; then
        share_classes
        if [ -n "$archive" ]; then
            # An archive that does not fit is passed over, with warnings on stdout unless these are switched off.
            # shellcheck disable=SC2086 # the options are meant to be split
            exec "$java" $jvm_options "-XX:SharedArchiveFile=$archive" -Xlog:disable -jar "$jar" "$@"
        fi
    fi
    # shellcheck disable=SC2086 # the options are meant to be split
    exec "$java" $jvm_options -jar "$jar" "$@"
}
