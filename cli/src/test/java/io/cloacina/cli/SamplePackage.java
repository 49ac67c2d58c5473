package io.cloacina.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** A package with a workflow {@code payment}, compiled and packed as a user does it. */
final class SamplePackage {
    private static final String SOURCE = """
            package shop;

            import io.cloacina.api.WorkflowDefinition;
            import java.util.function.Supplier;

            public final class Payment implements Supplier<WorkflowDefinition> {
                @Override
                public WorkflowDefinition get() {
                    return WorkflowDefinition.named("payment")
                            .task("charge", context -> context.put("charged", true))
                            .task("book", context -> {
                                if (context.find("fail", Boolean.class).orElse(false)) {
                                    throw new IllegalStateException("the account is closed");
                                }
                                Thread.sleep(context.find("millis", Integer.class).orElse(0));
                            }, task -> task.after("charge"))
                            .task("print", context -> context.put("printed", true), task -> task.after("charge"))
                            .task("tell", context -> context.put("told", true), task -> task.after("book", "print"))
                            .build();
                }
            }
            """;

    private SamplePackage() {}

    /** The folder of its classes, which are compiled once. */
    private static final class Compiled {
        static final Path CLASSES = compiled();
    }

    /** Makes the jar in a folder. */
    static Path in(Path folder, String version) {
        try {
            Path source = folder.resolve("shop/Payment.java");
            Files.createDirectories(source.getParent());
            Files.writeString(source, SOURCE);
            return packed(folder.resolve("payments.jar"), Compiled.CLASSES, version);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path compiled() {
        try {
            Path folder = Files.createTempDirectory(Path.of("target"), "sample-package");
            Path source = Files.writeString(folder.resolve("Payment.java"), SOURCE);
            Path classes = folder.resolve("classes");
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            int code = compiler.run(
                    null,
                    OutputStream.nullOutputStream(),
                    OutputStream.nullOutputStream(),
                    "-proc:none",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-d",
                    classes.toString(),
                    source.toString());
            if (code != 0) {
                throw new AssertionError("the sample does not compile");
            }
            return classes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path packed(Path jar, Path classes, String version) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Cloacina-Package", "payments");
        main.putValue("Cloacina-Version", version);
        main.putValue("Cloacina-Workflows", "shop.Payment");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                Stream<Path> walk = Files.walk(classes)) {
            List<Path> files = walk.filter(Files::isRegularFile).sorted().toList();
            for (Path file : files) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
        return jar;
    }
}
