package io.cloacina.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.Engine;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that OpenAPI Generator makes of the description compiles, and reads what the running server answers. */
@Timeout(300)
class GeneratedClientIT {
    /** The build copies them there; they are no dependencies, because they bring other versions of what is tested. */
    private static final Path TOOLS = Path.of("target", "generator");

    private static final String DESCRIPTION = "src/main/resources/io/cloacina/server/openapi.json";

    @TempDir
    private Path folder;

    @Test
    void a_generated_java_client_compiles_and_reads_the_answers() throws Exception {
        generate();
        Path classes = compiled();
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard dashboard = Dashboard.on(engine).port(0).start();
                URLClassLoader loader = new URLClassLoader(new URL[] {
                    classes.toUri().toURL(),
                    TOOLS.resolve("jakarta.annotation-api.jar").toUri().toURL()
                })) {
            Class<?> type = loader.loadClass("org.openapitools.client.ApiClient");
            Object client = type.getConstructor().newInstance();
            type.getMethod("updateBaseUri", String.class).invoke(client, dashboard.uri() + "api/v1");
            Class<?> api = loader.loadClass("org.openapitools.client.api.DefaultApi");
            Object calls = api.getConstructor(type).newInstance(client);

            assertThat(api.getMethod("getStatus").invoke(calls).toString()).contains("greet");
            assertThat(api.getMethod("listWorkflows").invoke(calls).toString()).contains("greet", "break", "ask");
        }
    }

    /** In a process of its own, because its jar has everything in it, in other versions. */
    private void generate() throws IOException, InterruptedException {
        Path log = folder.resolve("generator.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-jar",
                        TOOLS.resolve("openapi-generator-cli.jar").toString(),
                        "generate",
                        "-g",
                        "java",
                        "--library",
                        "native",
                        "-i",
                        DESCRIPTION,
                        "-o",
                        folder.resolve("client").toString(),
                        "--additional-properties=openApiNullable=false,annotationLibrary=none,useJakartaEe=true",
                        "--global-property=apiTests=false,modelTests=false,apiDocs=false,modelDocs=false")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean hasEnded = process.waitFor(200, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(hasEnded).as(Files.readString(log)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }

    private Path compiled() throws IOException {
        List<Path> sources;
        try (Stream<Path> all = Files.walk(folder.resolve("client/src/main/java"))) {
            sources = all.filter(file -> file.toString().endsWith(".java")).toList();
        }
        assertThat(sources).hasSizeGreaterThan(50);
        Path classes = Files.createDirectory(folder.resolve("classes"));
        List<String> options = new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", classes.toString()));
        options.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path")
                        + File.pathSeparator
                        + TOOLS.resolve("jakarta.annotation-api.jar")));
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean isCompiled = compiler.getTask(
                            messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(isCompiled).as(messages.toString()).isTrue();
        }
        return classes;
    }
}
