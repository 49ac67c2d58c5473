package io.cloacina.schema.testsupport;

import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;

/** Lets the processes of tests start with an archive of the classes of their jars, which takes half of the time. */
public final class SharedClasses {
    /** Of the process that makes the archive, and of those that use it. */
    private static final List<String> JAVA = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC");

    private SharedClasses() {}

    /**
     * The class path of this JVM as jars, for an archive has nothing of folders: those on it are put into one jar. It is made when
     * it is missing or older than a class; the first process of the tests does so while others wait.
     */
    public static List<Path> jars(Path jar) throws IOException {
        List<Path> jars = new ArrayList<>();
        List<Path> folders = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (Files.exists(path)) {
                (Files.isDirectory(path) ? folders : jars).add(path);
            }
        }
        Path absolute = jar.toAbsolutePath();
        Files.createDirectories(absolute.getParent());
        try (FileChannel channel = locked(absolute)) {
            Map<String, Path> files = new LinkedHashMap<>();
            for (Path folder : folders) {
                try (Stream<Path> walk = Files.walk(folder)) {
                    walk.filter(Files::isRegularFile)
                            .forEach(file -> files.putIfAbsent(
                                    folder.relativize(file).toString().replace(File.separatorChar, '/'), file));
                }
            }
            if (channel.isOpen() && isStale(absolute, files.values())) {
                write(absolute, files);
            }
        }
        jars.add(0, absolute);
        return jars;
    }

    private static void write(Path jar, Map<String, Path> files) throws IOException {
        Path made = Files.createTempFile(jar.getParent(), "classes", ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(made))) {
            out.setLevel(Deflater.NO_COMPRESSION);
            for (Map.Entry<String, Path> file : files.entrySet()) {
                out.putNextEntry(new JarEntry(file.getKey()));
                Files.copy(file.getValue(), out);
            }
        }
        Files.move(made, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Until it is closed no other process has it. */
    private static FileChannel locked(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(Path.of(file + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.lock();
        return channel;
    }

    /**
     * Makes the archive if it is missing or older than a jar; the first process of the tests does so while others wait.
     *
     * @param main what loads classes, with the URL of a new SQLite database as its first argument and in its input, and ends
     * @param more further arguments
     * @return options of a JVM whose class path begins with these jars; none where there is no archive
     */
    public static List<String> options(Path archive, List<Path> jars, String main, String... more)
            throws IOException, InterruptedException {
        Path absolute = archive.toAbsolutePath();
        try (FileChannel channel = locked(absolute)) {
            if (channel.isOpen() && isStale(absolute, jars)) {
                make(absolute, jars, main, more);
            }
        }
        // One that does not fit is passed over, with warnings unless these are switched off.
        return Files.size(absolute) == 0 ? List.of() : List.of("-XX:SharedArchiveFile=" + absolute, "-Xlog:disable");
    }

    private static boolean isStale(Path made, Collection<Path> parts) throws IOException {
        if (Files.notExists(made)) {
            return true;
        }
        for (Path part : parts) {
            if (Files.getLastModifiedTime(made).compareTo(Files.getLastModifiedTime(part)) < 0) {
                return true;
            }
        }
        return false;
    }

    /** Empty where it could not be made. */
    private static void make(Path archive, List<Path> jars, String main, String... more)
            throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("cloacina-classes");
        Path made = scratch.resolve("classes.jsa");
        String url = "sqlite:" + scratch.resolve("app.db");
        List<String> command = new ArrayList<>(JAVA);
        command.addAll(List.of(
                "-XX:ArchiveClassesAtExit=" + made,
                "-cp",
                jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                main,
                url));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (Writer input = process.outputWriter(StandardCharsets.UTF_8)) {
            input.write(url + "\n");
        } catch (IOException e) {
            // it does not read it
        }
        if (process.waitFor() == 0 && Files.exists(made)) {
            Files.move(made, archive, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.write(archive, new byte[0]);
        }
        PreparedData.remove(scratch);
    }
}
