package io.cloacina.cli;

import io.cloacina.api.CloacinaException;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.StoredPackage;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Parameters;

/** A command about one package that is stored. */
abstract class PackageCommand extends EngineCommand {
    @Parameters(paramLabel = "NAME[@VERSION]", description = "The package, optionally with its version.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String named;

    /** Whether a name without a version means the one that was uploaded last. */
    abstract boolean takesLatest();

    @Override
    final int run(Engine engine, Output output) {
        run(engine, find(engine.packages().list()), output);
        return ExitCode.FINE;
    }

    private StoredPackage find(List<StoredPackage> all) {
        int at = named.indexOf('@');
        String name = at < 0 ? named : named.substring(0, at);
        List<StoredPackage> versions =
                all.stream().filter(each -> each.name().equals(name)).toList();
        if (versions.isEmpty()) {
            throw Nearest.unknown(
                    "package",
                    name,
                    all.stream().map(StoredPackage::name).distinct().toList());
        }
        List<String> known = versions.stream().map(PackagesListCommand::name).toList();
        if (at < 0 && !takesLatest() && versions.size() > 1) {
            throw new CloacinaException(
                    "AMBIGUOUS_PACKAGE", "name a version of '" + name + "': " + String.join(", ", known));
        }
        return versions.stream()
                .filter(each -> at < 0 || each.version().equals(named.substring(at + 1)))
                .max(Comparator.comparing((StoredPackage each) -> each.deletedAt() == null)
                        .thenComparing(StoredPackage::updatedAt))
                .orElseThrow(() -> Nearest.unknown("package", named, known));
    }

    /** Does it. */
    abstract void run(Engine engine, StoredPackage stored, Output output);
}
