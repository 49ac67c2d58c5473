package io.cloacina.processor;

import io.cloacina.api.WorkflowDefinition;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.annotation.processing.Processor;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;

/** What the real compiler made of some sources, with the processor. */
final class Compilation {
    private static final String IMPORTS =
            "import io.cloacina.api.*; import io.cloacina.api.annotation.*; import java.util.*;"
                    + " import java.time.*; import java.io.*; import java.util.function.*;\n";
    private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");
    private static final Pattern TYPE = Pattern.compile("(?:class|interface|enum|record) (\\w+)");

    private final Path output;
    private final List<Diagnostic<? extends JavaFileObject>> diagnostics;

    private Compilation(Path output, List<Diagnostic<? extends JavaFileObject>> diagnostics) {
        this.output = output;
        this.diagnostics = diagnostics;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///" + nameOf(text).replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        private static String nameOf(String text) {
            Matcher in = PACKAGE.matcher(text);
            Matcher type = TYPE.matcher(text);
            String prefix = in.find() ? in.group(1) + "." : "";
            return type.find() ? prefix + type.group(1) : prefix + "Source";
        }
    }

    /** A source of package {@code weather} with the usual imports, all in its first line. */
    static String inPackage(String text) {
        return "package weather; " + IMPORTS + text;
    }

    static Compilation of(Path output, String... sources) {
        return with(List.of(new WorkflowProcessor()), output, sources);
    }

    static Compilation with(List<Processor> processors, Path output, String... sources) {
        // Here several classes are in one file.
        return with(processors, List.of("-Xlint:all,-processing,-auxiliaryclass", "-Werror"), output, sources);
    }

    /** Where warnings are no errors, with the classes that were compiled before on the class path. */
    static Compilation warning(Path output, String... sources) {
        String path = output + File.pathSeparator + System.getProperty("java.class.path");
        return with(List.of(new WorkflowProcessor()), List.of("-classpath", path), output, sources);
    }

    /** With nothing but the API. */
    static Compilation withoutEngine(Path output, String... sources) {
        List<String> options = List.of(
                "-classpath", placeOf(WorkflowDefinition.class) + File.pathSeparator + placeOf(NullMarked.class));
        return with(List.of(new WorkflowProcessor()), options, output, sources);
    }

    private static Path placeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static Compilation with(List<Processor> processors, List<String> options, Path output, String... sources) {
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(found, Locale.ROOT, StandardCharsets.UTF_8)) {
            List<String> all = new ArrayList<>(options);
            all.addAll(List.of("-d", output.toString()));
            if (!options.contains("-classpath")) {
                all.addAll(List.of("-classpath", System.getProperty("java.class.path")));
            }
            var task = compiler.getTask(
                    null,
                    files,
                    found,
                    all,
                    null,
                    Arrays.stream(sources).map(Source::new).toList());
            task.setProcessors(processors);
            task.call();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new Compilation(output, found.getDiagnostics());
    }

    /** {@code 3: message}, in the order of lines. */
    List<String> problems() {
        return diagnostics.stream()
                .filter(each -> each.getKind() != Diagnostic.Kind.NOTE)
                .sorted((one, other) -> Long.compare(one.getLineNumber(), other.getLineNumber()))
                .map(each -> each.getLineNumber() + ": " + each.getMessage(Locale.ROOT))
                .toList();
    }

    List<String> services() {
        return lines("META-INF/services/io.cloacina.api.WorkflowProvider");
    }

    List<String> lines(String path) {
        try {
            Path file = output.resolve(path);
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    boolean has(String path) {
        return Files.exists(output.resolve(path));
    }

    /** The classes, which stay open as long as they are used. */
    ClassLoader classes() {
        try {
            return new URLClassLoader(new URL[] {output.toUri().toURL()}, Compilation.class.getClassLoader());
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }

    static void deleteClass(Path output, String name) {
        try (Stream<Path> files = Files.list(output.resolve("weather"))) {
            for (Path file :
                    files.filter(each -> each.endsWith(name + ".class")).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
