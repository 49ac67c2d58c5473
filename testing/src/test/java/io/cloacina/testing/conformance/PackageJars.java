package io.cloacina.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.WorkflowDefinition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Makes packages of Java sources. Immutable; each method returns a changed copy. */
record PackageJars(Map<String, String> attributes, Map<String, byte[]> entries) {
    /** A package with nothing in it. */
    static PackageJars named(String name, String version) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("Cloacina-Package", name);
        attributes.put("Cloacina-Version", version);
        return new PackageJars(attributes, Map.of());
    }

    /**
     * A package with one workflow of one task, whose class is {@code acme.Flow}.
     *
     * @param body statements of a body, with {@code context}
     */
    static PackageJars of(String name, String version, String workflow, String body) {
        return named(name, version).supplier("acme.Flow", """
                WorkflowDefinition.named("%s").task("do", context -> { %s }).build()""".formatted(workflow, body));
    }

    /** With a class that supplies what an expression says. */
    PackageJars supplier(String className, String definition) {
        return supplier(className, definition, Map.of());
    }

    /** With a class that supplies what an expression says, and others that it needs. */
    PackageJars supplier(String className, String definition, Map<String, String> sources) {
        int dot = className.lastIndexOf('.');
        Map<String, String> all = new TreeMap<>(sources);
        all.put(className, """
                package %s;
                import io.cloacina.api.*;
                import java.time.Duration;
                import java.util.*;
                public class %s implements java.util.function.Supplier<WorkflowDefinition> {
                    public WorkflowDefinition get() { return %s; }
                }
                """.formatted(className.substring(0, dot), className.substring(dot + 1), definition));
        return sources(all).workflows(className);
    }

    /** With the class of a source. */
    PackageJars source(String className, String source) {
        return sources(Map.of(className, source));
    }

    /** With the classes of sources. */
    private PackageJars sources(Map<String, String> sources) {
        PackageJars changed = this;
        for (Map.Entry<String, byte[]> file : compiled(sources).entrySet()) {
            changed = changed.entry(file.getKey(), file.getValue());
        }
        return changed;
    }

    PackageJars entry(String name, byte[] content) {
        Map<String, byte[]> more = new TreeMap<>(entries);
        more.put(name, content);
        return new PackageJars(attributes, more);
    }

    /** With an attribute of the manifest. */
    PackageJars attribute(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(attributes);
        more.put(name, value);
        return new PackageJars(more, entries);
    }

    /** With one more class of a workflow. */
    PackageJars workflows(String className) {
        String before = attributes.getOrDefault("Cloacina-Workflows", "");
        return attribute("Cloacina-Workflows", (before + " " + className).strip());
    }

    byte[] jar() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry zipped = new ZipEntry(entry.getKey());
                zipped.setTime(0);
                jar.putNextEntry(zipped);
                jar.write(entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Map<String, byte[]> compiled(Map<String, String> sources) {
        try {
            Path folder = Files.createTempDirectory("cloacina-package");
            List<JavaFileObject> files = new ArrayList<>();
            sources.forEach((className, source) -> files.add(file(className, source)));
            Path api = Path.of(WorkflowDefinition.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            ByteArrayOutputStream messages = new ByteArrayOutputStream();
            boolean done = ToolProvider.getSystemJavaCompiler()
                    .getTask(
                            new OutputStreamWriter(messages, StandardCharsets.UTF_8),
                            null,
                            null,
                            List.of("-d", folder.toString(), "-cp", api.toString(), "-proc:none", "--release", "17"),
                            null,
                            files)
                    .call();
            assertThat(done).as(messages.toString(StandardCharsets.UTF_8)).isTrue();
            Map<String, byte[]> classes = new TreeMap<>();
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.filter(Files::isRegularFile).toList()) {
                    classes.put(folder.relativize(path).toString().replace('\\', '/'), Files.readAllBytes(path));
                    Files.delete(path);
                }
            }
            return classes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JavaFileObject file(String className, String source) {
        return new SimpleJavaFileObject(
                URI.create("string:///" + className.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
    }
}
