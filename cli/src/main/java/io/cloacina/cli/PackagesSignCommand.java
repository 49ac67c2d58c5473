package io.cloacina.cli;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.model.PackageSigner;
import io.cloacina.server.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "sign",
        header = "Sign a package.",
        description = {
            "",
            "Writes JAR.sig, which 'cloacina packages upload' finds beside the jar. Sign the",
            "jar that you upload: a jar that is built again may have other bytes."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina packages sign invoices.jar --key acme.key",
            "",
            "Exit codes:",
            "  0   the signature is written"
        })
final class PackagesSignCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "JAR", description = "The package.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path jar;

    @Option(
            names = "--key",
            required = true,
            paramLabel = "FILE",
            description = "The private key, as 'packages keygen' writes it.")
    @SuppressWarnings("NullAway.Init") // required, so set by picocli
    private Path key;

    @Option(names = "--json", description = "Print JSON: the file and the signature.")
    private boolean isJson;

    @Mixin
    @SuppressWarnings("UnusedVariable") // read by picocli
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        WorkflowOptions.requireFile(jar);
        WorkflowOptions.requireFile(key);
        Path file = signatureOf(jar);
        String signature;
        try {
            signature = PackageSigner.of(key).sign(Files.readAllBytes(jar));
            Files.writeString(file, signature + "\n", StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new CloacinaException(
                    ErrorCodes.NO_FILE, "the package cannot be signed: " + Arguments.shortened(e), e);
        }
        Output output = new Output(spec.commandLine(), isJson);
        if (isJson) {
            output.json(Json.fields().put("file", file.toString()).put("signature", signature));
        } else {
            output.line("wrote " + file);
        }
        output.flush();
        return ExitCode.FINE;
    }

    static Path signatureOf(Path jar) {
        return jar.resolveSibling(jar.getFileName() + ".sig");
    }
}
