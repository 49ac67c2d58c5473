package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.model.StoredPackage;
import io.cloacina.server.json.JsonOf;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "delete",
        header = "Delete a package.",
        description = {
            "",
            "It takes no new submissions. Executions that began with it end with it; then all",
            "runners unload it, and it is removed. If there are several versions, name one;",
            "the version that was uploaded before it is used then."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina packages delete invoices@1.0.0 --database sqlite:app.db",
            "",
            "Exit codes:",
            "  0   it is deleted, or already was",
            "  3   there is no such package"
        })
final class PackagesDeleteCommand extends PackageCommand {
    @Mixin
    private final PackageDirectory directory = new PackageDirectory();

    @Override
    Engine open(EngineBuilder builder) {
        return directory.addTo(builder).client().start();
    }

    @Override
    boolean takesLatest() {
        return false;
    }

    @Override
    void run(Engine engine, StoredPackage stored, Output output) {
        boolean isDeleted = engine.packages().delete(stored.name(), stored.version());
        if (output.isJson()) {
            output.json(JsonOf.storedPackage(
                    engine.packages().find(stored.name(), stored.version()).orElse(stored)));
        } else {
            output.line((isDeleted ? "deleted " : "was deleted before: ") + PackagesListCommand.name(stored));
        }
    }
}
