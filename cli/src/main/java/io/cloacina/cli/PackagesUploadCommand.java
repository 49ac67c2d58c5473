package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.model.StoredPackage;
import io.cloacina.server.json.JsonOf;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "upload",
        header = "Store a package; runners that trust it load it at once.",
        description = {
            "",
            "The package is checked; none of its code runs here. Of several versions, the one",
            "that was uploaded last serves new executions; others end on the version they",
            "began with. Uploading the same bytes again stores no second package."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina packages upload invoices.jar --database sqlite:app.db",
            "  cloacina packages upload invoices.jar --signature invoices.jar.sig",
            "",
            "Exit codes:",
            "  0   it is stored",
            "  4   refused: not a package, or other bytes have its version"
        })
final class PackagesUploadCommand extends EngineCommand {
    @Parameters(paramLabel = "JAR", description = "The package.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path jar;

    @Option(
            names = "--signature",
            paramLabel = "FILE",
            description = {"Its signature, as 'packages sign' writes it.", "Default: JAR.sig, if there is one"})
    private @Nullable Path signature;

    @Mixin
    private final PackageDirectory directory = new PackageDirectory();

    @Override
    Engine open(EngineBuilder builder) {
        return directory.addTo(builder).client().start();
    }

    @Override
    void check() {
        WorkflowOptions.requireFile(jar);
        if (signature != null) {
            WorkflowOptions.requireFile(signature);
        }
    }

    @Override
    int run(Engine engine, Output output) {
        Path beside = PackagesSignCommand.signatureOf(jar);
        Path its = signature == null && Files.isRegularFile(beside) ? beside : signature;
        StoredPackage stored = engine.packages().upload(jar, its);
        if (output.isJson()) {
            output.json(JsonOf.storedPackage(stored));
        } else {
            output.line("stored " + PackagesListCommand.name(stored) + ", " + Format.bytes(stored.bytes())
                    + (stored.isSigned() ? ", signed" : ", not signed"));
        }
        return ExitCode.FINE;
    }
}
