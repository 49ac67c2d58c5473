package io.cloacina.cli;

import io.cloacina.engine.EngineBuilder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the bytes of packages are, if they are not in the database. */
final class PackageDirectory {
    @Option(
            names = "--package-directory",
            paramLabel = "DIR",
            description = {"Keep the bytes of packages in files of this folder,", "which all processes must share."})
    private @Nullable Path directory;

    /** Tells an engine. */
    EngineBuilder addTo(EngineBuilder builder) {
        return directory == null ? builder : builder.packageDirectory(directory);
    }
}
