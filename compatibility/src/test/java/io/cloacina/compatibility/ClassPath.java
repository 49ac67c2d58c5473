package io.cloacina.compatibility;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a process finds its classes in. Immutable. */
record ClassPath(List<Path> entries) {
    /** That of this process: the built jars with what they depend on, and the tests. */
    static ClassPath own() {
        return new ClassPath(Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .toList());
    }

    /** Without the files whose names begin so. */
    ClassPath without(String... begins) {
        return new ClassPath(entries.stream()
                .filter(entry -> Stream.of(begins)
                        .noneMatch(begin -> entry.getFileName().toString().startsWith(begin)))
                .toList());
    }

    /** With a file or folder before all others. */
    ClassPath with(Path entry) {
        return new ClassPath(Stream.concat(Stream.of(entry), entries.stream()).toList());
    }

    /** With the jars of another version, which the pom names. */
    ClassPath withVersion(String folder) {
        try (Stream<Path> jars = Files.list(Path.of(setting("versions.folder"), folder))) {
            return new ClassPath(Stream.concat(jars.sorted(), entries.stream()).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a main class to its end, its errors among its output. */
    Ended java(String main, String... arguments) throws IOException, InterruptedException {
        return java(List.of(), main, arguments);
    }

    /** The same with further options of the JVM. */
    Ended java(List<String> options, String main, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"));
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(options);
        command.add("-cp");
        command.add(entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        command.add(main);
        command.addAll(List.of(arguments));
        return Ended.of(command, Path.of("."));
    }

    /** What the pom tells this process. */
    static String setting(String name) {
        return Objects.requireNonNull(System.getProperty(name), name);
    }
}
