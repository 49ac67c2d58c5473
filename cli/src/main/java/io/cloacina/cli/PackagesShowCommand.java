package io.cloacina.cli;

import io.cloacina.api.StorageType;
import io.cloacina.cli.view.Format;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.StoredPackage;
import io.cloacina.server.json.JsonOf;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
        name = "show",
        header = "Show a package, its workflows, and the runners that cannot load it.",
        description = {"", "Without a version, shows the one that was uploaded last."},
        footer = {
            "",
            "Examples:",
            "  cloacina packages show invoices --database sqlite:app.db",
            "  cloacina packages show invoices@1.0.0 --json",
            "",
            "Exit codes:",
            "  0   success",
            "  3   there is no such package"
        })
final class PackagesShowCommand extends PackageCommand {
    @Override
    boolean takesLatest() {
        return true;
    }

    @Override
    void run(Engine engine, StoredPackage stored, Output output) {
        if (output.isJson()) {
            output.json(JsonOf.storedPackage(stored));
            return;
        }
        output.title("Package " + PackagesListCommand.name(stored));
        fact(output, "state", PackagesListCommand.state(stored));
        fact(output, "what", stored.description());
        fact(output, "author", stored.author());
        fact(
                output,
                "size",
                Format.bytes(stored.bytes()) + " in "
                        + (stored.storage() == StorageType.DATABASE ? "the database" : "files"));
        fact(output, "signed", stored.isSigned() ? "yes" : "no");
        fact(output, "uploaded", output.times().full(stored.updatedAt()));
        fact(output, "deleted", output.times().full(stored.deletedAt()));
        fact(output, "SHA-256", stored.contentHash());
        stored.classes().forEach(each -> fact(output, "class", each));
        stored.workflows().forEach(each -> fact(output, "workflow", each));
        for (StoredPackage.Problem problem : stored.problems()) {
            output.line(output.style()
                    .bad("  Process " + problem.pid() + " on " + Format.printable(problem.host())
                            + " cannot load it:"));
            output.wrapped("    " + Format.printable(problem.reason()), "      ");
        }
    }

    private static void fact(Output output, String name, @Nullable String value) {
        output.fact(name, value, 12);
    }
}
