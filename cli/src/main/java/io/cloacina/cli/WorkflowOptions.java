package io.cloacina.cli;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.cli.view.Format;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.Packages;
import io.cloacina.engine.model.PackageTrust;
import io.cloacina.engine.model.StoredPackage;
import io.cloacina.engine.model.WorkflowVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where workflows come from: jars, and the packages of the database as far as they are trusted. */
final class WorkflowOptions {
    @Option(
            names = "--jar",
            paramLabel = "FILE",
            description = {"A package whose workflows are loaded from the file;", "may be repeated."})
    private final List<Path> jars = new ArrayList<>();

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = {
                "Load packages of the database that are signed",
                "with the key in this file; may be repeated."
            })
    private final List<Path> keys = new ArrayList<>();

    @Option(
            names = "--trust-any",
            description = {
                "Load any package of the database. It is code: a",
                "person who can write there can run anything here."
            })
    private boolean isAnyTrusted;

    @Mixin
    private final PackageDirectory directory = new PackageDirectory();

    /** Whether there is any place they may come from. */
    boolean isNone() {
        return jars.isEmpty() && trust().isEmpty();
    }

    /** Gives them to an engine. */
    EngineBuilder addTo(EngineBuilder builder) {
        for (Path jar : jars) {
            requireFile(jar);
            Packages.workflowsOf(jar).forEach(builder::workflow);
        }
        trust().ifPresent(builder::packages);
        return directory.addTo(builder);
    }

    private Optional<PackageTrust> trust() {
        if (isAnyTrusted) {
            return Optional.of(PackageTrust.any());
        }
        return keys.isEmpty() ? Optional.empty() : Optional.of(PackageTrust.keyFiles(keys.toArray(Path[]::new)));
    }

    /** Refuses a workflow that no runner has stored and this command does not have, with what is known. */
    static void requireStored(Engine engine, String workflow) {
        List<String> stored = Stream.concat(
                        engine.versions().list().stream()
                                .filter(version -> !version.isPackageDeleted())
                                .map(WorkflowVersion::workflow),
                        engine.workflows().stream().map(WorkflowDefinition::name))
                .distinct()
                .toList();
        if (!stored.contains(workflow)) {
            requireLoaded(engine, workflow);
            throw stored.isEmpty()
                    ? new CloacinaException(
                            ErrorCodes.UNKNOWN_WORKFLOW,
                            "no runner has stored workflow '" + Format.printable(workflow)
                                    + "' here, nor any other: start a runner that has it, or give --jar FILE, or --trust"
                                    + " KEYFILE or --trust-any for a package of the database")
                    : Nearest.unknown("workflow", workflow, stored);
        }
    }

    /** Refuses a workflow that the engine does not have, with the options that load it. */
    static void require(Engine engine, String workflow) {
        List<String> known =
                engine.workflows().stream().map(WorkflowDefinition::name).toList();
        if (known.contains(workflow)) {
            return;
        }
        requireLoaded(engine, workflow);
        if (known.isEmpty()) {
            throw new CloacinaException(
                    ErrorCodes.UNKNOWN_WORKFLOW,
                    "this command does not have the definition of workflow '" + workflow
                            + "': give --jar FILE, or"
                            + " --trust KEYFILE or --trust-any for a package of the database; a program that has it"
                            + " submits it by engine.submit");
        }
        throw Nearest.unknown("workflow", workflow, known);
    }

    /** Refuses one of a package that nobody has loaded. */
    private static void requireLoaded(Engine engine, String workflow) {
        Optional<StoredPackage> packaged = engine.packages().list().stream()
                .filter(stored -> stored.deletedAt() == null)
                .filter(stored -> stored.workflows().stream().anyMatch(its -> its.startsWith(workflow + "@")))
                .findFirst();
        if (packaged.isPresent()) {
            throw new CloacinaException(
                    ErrorCodes.UNKNOWN_WORKFLOW,
                    "workflow '" + workflow + "' is in package "
                            + packaged.get().name() + " "
                            + packaged.get().version()
                            + ", which is not loaded here: trust it by --trust KEYFILE or --trust-any");
        }
    }

    static void requireFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new CloacinaException(ErrorCodes.NO_FILE, "there is no file " + Arguments.shortened(file));
        }
    }
}
