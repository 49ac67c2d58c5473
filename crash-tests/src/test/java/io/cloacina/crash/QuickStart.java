package io.cloacina.crash;

import io.cloacina.benchmarks.FreshJvm;
import io.cloacina.schema.testsupport.SharedClasses;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The processes that are killed start with an archive of their classes: there are many. */
final class QuickStart {
    private QuickStart() {}

    /** For all processes that this one starts from now on. */
    static void prepare() throws IOException, InterruptedException {
        List<Path> jars = SharedClasses.jars(Path.of("target", "test-classes.jar"));
        List<String> options = SharedClasses.options(
                Path.of("target", "test-classes.jsa"), jars, "io.cloacina.benchmarks.cron.CronChild");
        System.setProperty(FreshJvm.OPTIONS, String.join("\n", options));
        System.setProperty(
                FreshJvm.CLASS_PATH, jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    }
}
