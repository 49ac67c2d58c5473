package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Table;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.StoredPackage;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        header = "List all packages, in the order of their first upload.",
        description = {
            "",
            "Workflows are known once a runner has loaded a package. A package is listed as",
            "deleted while executions that began with it are unfinished."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina packages list --database sqlite:app.db",
            "  cloacina packages list --json | jq -r '.[].name'",
            "",
            "Exit codes:",
            "  0   success, also when there are none"
        })
final class PackagesListCommand extends EngineCommand {
    @Override
    int run(Engine engine, Output output) {
        List<StoredPackage> all = engine.packages().list();
        if (output.isJson()) {
            output.json(Json.array(all, JsonOf::storedPackage));
        } else if (all.isEmpty()) {
            output.remark("no packages");
        } else {
            Table table = new Table(
                    Table.name("Package"),
                    Table.number("Size"),
                    Table.text("Signed"),
                    Table.whole("Uploaded"),
                    Table.whole("State"),
                    Table.text("Workflows"));
            all.forEach(each -> table.row(
                    name(each),
                    Format.bytes(each.bytes()),
                    each.isSigned() ? "yes" : "no",
                    output.times().full(each.updatedAt()),
                    state(each),
                    each.workflows().stream().map(its -> its.split("@", 2)[0]).collect(Collectors.joining(" "))));
            output.table(table);
        }
        return ExitCode.FINE;
    }

    static String name(StoredPackage stored) {
        return stored.name() + "@" + stored.version();
    }

    static String state(StoredPackage stored) {
        if (stored.deletedAt() != null) {
            return "deleted";
        }
        if (!stored.problems().isEmpty()) {
            return "broken";
        }
        return stored.workflows().isEmpty() ? "stored" : "loaded";
    }
}
