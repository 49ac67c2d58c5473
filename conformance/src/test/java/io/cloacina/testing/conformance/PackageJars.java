package io.cloacina.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.WorkflowDefinition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Makes packages of Java sources. Immutable; each method returns a changed copy. */
record PackageJars(Map<String, String> attributes, Map<String, byte[]> entries) {
    /** What was compiled before: each test does the same on both databases. */
    private static final Map<Map<String, String>, Map<String, byte[]>> COMPILED = new ConcurrentHashMap<>();

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
        return COMPILED.computeIfAbsent(Map.copyOf(sources), PackageJars::compile);
    }

    private static Map<String, byte[]> compile(Map<String, String> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (InMemory classes = new InMemory(compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8))) {
            List<JavaFileObject> files = new ArrayList<>();
            sources.forEach((className, source) -> files.add(file(className, source)));
            Path api = Path.of(WorkflowDefinition.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            ByteArrayOutputStream messages = new ByteArrayOutputStream();
            boolean done = compiler.getTask(
                            new OutputStreamWriter(messages, StandardCharsets.UTF_8),
                            classes,
                            null,
                            List.of("-cp", api.toString(), "-proc:none", "--release", "17"),
                            null,
                            files)
                    .call();
            assertThat(done).as(messages.toString(StandardCharsets.UTF_8)).isTrue();
            return classes.contents();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Keeps what the compiler writes: a test that is killed leaves no files. */
    private static final class InMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written = new TreeMap<>();

        InMemory(StandardJavaFileManager reads) {
            super(reads);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                JavaFileManager.Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            String name = className.replace('.', '/') + kind.extension;
            return new SimpleJavaFileObject(URI.create("string:///" + name), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream content = new ByteArrayOutputStream();
                    written.put(name, content);
                    return content;
                }
            };
        }

        Map<String, byte[]> contents() {
            Map<String, byte[]> contents = new TreeMap<>();
            written.forEach((name, content) -> contents.put(name, content.toByteArray()));
            return contents;
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
