package io.cloacina.cli;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.model.PackageSigner;
import io.cloacina.server.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "keygen",
        header = "Create a key pair to sign packages with.",
        description = {
            "",
            "Writes NAME.key, the private key, which only its owner may read: keep it secret;",
            "and NAME.pub, the public key, for --trust of runners. Both are Ed25519 in PEM.",
            "Existing files are never overwritten."
        },
        footer = {"", "Examples:", "  cloacina packages keygen acme", "", "Exit codes:", "  0   both files are written"
        })
final class PackagesKeygenCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "The beginning of the names of the two files.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Option(names = "--json", description = "Print JSON: the names of the files.")
    private boolean isJson;

    @Mixin
    @SuppressWarnings("UnusedVariable") // read by picocli
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        Path secret = Path.of(name + ".key");
        Path open = Path.of(name + ".pub");
        if (Files.exists(open)) {
            throw exists(open);
        }
        KeyPair keys = PackageSigner.newKeys();
        boolean isPosix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        // Nobody else can open it, not even in the moment between making it and closing it to others.
        write(
                secret,
                PackageSigner.pem(keys.getPrivate()),
                isPosix
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0]);
        write(open, PackageSigner.pem(keys.getPublic()));
        Output output = new Output(spec.commandLine(), isJson);
        if (isJson) {
            output.json(Json.fields().put("private_key", secret.toString()).put("public_key", open.toString()));
        } else {
            output.wrapped("wrote " + secret + " (the private key: keep it secret) and " + open, "  ");
        }
        output.flush();
        return ExitCode.FINE;
    }

    private static void write(Path file, String text, FileAttribute<?>... attributes) {
        try (var channel = Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
            channel.write(StandardCharsets.US_ASCII.encode(text));
        } catch (FileAlreadyExistsException e) {
            throw exists(file);
        } catch (IOException e) {
            throw new CloacinaException(
                    ErrorCodes.NO_FILE, Arguments.shortened(file) + " cannot be written: " + Arguments.shortened(e), e);
        }
    }

    private static CloacinaException exists(Path file) {
        return new CloacinaException(
                "FILE_EXISTS", Arguments.shortened(file) + " already exists: give another name, or move it away");
    }
}
