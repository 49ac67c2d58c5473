package io.cloacina.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A project outside of this build. It is built by the Maven that runs this build, in a local repository of its own: nothing is put
 * into that of whoever runs this.
 *
 * @param folder with its pom
 * @param scratch a folder for its repositories
 */
record Project(Path folder, Path scratch) {
    private static final Path ROOT = Path.of("..");
    private static final String JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";
    private static final Pattern VERSION = Pattern.compile("<version>([^<]*)</version>");
    private static final List<String> MODULES = List.of(
            "api",
            "cron",
            "schema",
            "engine",
            "processor",
            "testing",
            "micrometer",
            "opentelemetry",
            "server",
            "spring",
            "spring-boot-starter",
            "spring-boot-3-starter");

    /** Runs a phase or goal of Maven, in a JVM as short as those of this build, and the tests in another one. */
    Ended maven(String... goal) throws IOException, InterruptedException {
        Files.writeString(Files.createDirectories(folder.resolve(".mvn")).resolve("jvm.config"), JVM);
        List<String> command = new ArrayList<>(List.of(
                Path.of(ClassPath.setting("maven.home"), "bin", "mvn").toString(),
                "-B",
                "-q",
                "-gs",
                settings().toString(),
                "-Dmaven.repo.local=" + scratch.resolve("repository"),
                "-DargLine=" + JVM));
        command.addAll(List.of(goal));
        return Ended.of(command, folder);
    }

    /** The jars of this build, and what it has downloaded already. */
    private Path settings() throws IOException {
        Path built = scratch.resolve("built");
        Matcher version = VERSION.matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        publish(built, "parent", ROOT.resolve("pom.xml"), version.group(1));
        for (String module : MODULES) {
            publish(built, module, ROOT.resolve(module).resolve("pom.xml"), version.group(1));
        }
        String repositories = repository("built", built.toUri().toString())
                + repository(
                        "downloaded",
                        Path.of(ClassPath.setting("local.repository")).toUri().toString());
        return Files.writeString(
                scratch.resolve("settings.xml"),
                "<settings><profiles><profile><id>here</id><repositories>" + repositories
                        + "</repositories><pluginRepositories>"
                        + repositories.replace("repository>", "pluginRepository>")
                        + "</pluginRepositories></profile></profiles>"
                        + "<activeProfiles><activeProfile>here</activeProfile></activeProfiles></settings>");
    }

    private static String repository(String id, String url) {
        return "<repository><id>" + id + "</id><url>" + url + "</url>"
                + "<releases><checksumPolicy>ignore</checksumPolicy></releases>"
                + "<snapshots><enabled>true</enabled><checksumPolicy>ignore</checksumPolicy></snapshots></repository>";
    }

    private static void publish(Path repository, String module, Path pom, String version) throws IOException {
        String name = "cloacina-" + module + "-" + version;
        Path to = Files.createDirectories(
                repository.resolve("io/cloacina/cloacina-" + module).resolve(version));
        Files.copy(pom, to.resolve(name + ".pom"));
        Path jar = pom.resolveSibling("target").resolve(name + ".jar");
        if (Files.exists(jar)) {
            Files.copy(jar, to.resolve(name + ".jar"));
        }
    }
}
